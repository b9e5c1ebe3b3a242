import { isIP, SocketAddress } from "node:net";
import type { EndpointSlice, EndpointTarget, SliceEndpoint, SlicePort } from "../model/endpoint-slice.ts";
import type { KubeEndpoint, KubeEndpointSlice, KubeSlicePort } from "./kube-shapes.ts";

const maxPort = 65_535;

/** Label by which a slice names its Service. */
const serviceNameLabel = "kubernetes.io/service-name";

/** Reads an EndpointSlice; undefined for one that belongs to no Service or holds names instead of addresses. */
export function readEndpointSlice(object: KubeEndpointSlice): EndpointSlice | undefined {
  const { name, namespace = "", labels = {} } = object.metadata;
  const service = labels[serviceNameLabel];
  if (service === undefined || service === "" || object.addressType === "FQDN") return undefined;
  return {
    namespace,
    name,
    service,
    ports: (object.ports ?? []).flatMap(readPort),
    endpoints: (object.endpoints ?? []).flatMap((endpoint) => readEndpoint(endpoint, namespace)),
  };
}

/**
 * A port without a number means all ports, which no Service makes and no cluster can express. The API server takes any
 * other number too, of which those that are no port must not come near the encoder, nor near Envoy.
 */
function readPort({ name = "", protocol = "TCP", port }: KubeSlicePort): readonly SlicePort[] {
  return protocol === "TCP" && port !== undefined && port >= 1 && port <= maxPort ? [{ name, port }] : [];
}

/** Only the first address counts: the API defines no meaning for the others. */
function readEndpoint(endpoint: KubeEndpoint, namespace: string): readonly SliceEndpoint[] {
  const address = canonical(endpoint.addresses?.[0] ?? "");
  if (address === undefined) return [];
  const { ready = true, terminating = false } = endpoint.conditions ?? {};
  return [
    { address, isReady: ready && !terminating, target: readTarget(endpoint, namespace), zone: endpoint.zone ?? "" },
  ];
}

/** Before 1.36 API servers took addresses in any spelling: Envoy refuses some, and two of one address. */
function canonical(address: string): string | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return new SocketAddress({ address, family: version === 6 ? "ipv6" : "ipv4" }).address;
}

function readTarget({ targetRef }: KubeEndpoint, namespace: string): EndpointTarget {
  if (targetRef?.kind !== "Pod" || targetRef.name === undefined) return { kind: "unknown" };
  return { kind: "pod", key: `${targetRef.namespace ?? namespace}/${targetRef.name}`, uid: targetRef.uid ?? "" };
}
