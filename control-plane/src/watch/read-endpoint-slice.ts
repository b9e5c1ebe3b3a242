import type { EndpointSlice, EndpointTarget, SliceEndpoint, SlicePort } from "../model/endpoint-slice.ts";
import type { KubeEndpoint, KubeEndpointSlice, KubeSlicePort } from "./kube-shapes.ts";

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

/** A port without a number means all ports, which no Service makes and no cluster can express. */
function readPort(port: KubeSlicePort): readonly SlicePort[] {
  const isTcp = port.protocol === undefined || port.protocol === "TCP";
  return isTcp && port.port !== undefined ? [{ name: port.name ?? "", port: port.port }] : [];
}

/** Only the first address counts: the API defines no meaning for the others. */
function readEndpoint(endpoint: KubeEndpoint, namespace: string): readonly SliceEndpoint[] {
  const address = endpoint.addresses?.[0];
  if (address === undefined) return [];
  const { ready = true, terminating = false } = endpoint.conditions ?? {};
  return [
    { address, isReady: ready && !terminating, target: readTarget(endpoint, namespace), zone: endpoint.zone ?? "" },
  ];
}

function readTarget({ targetRef }: KubeEndpoint, namespace: string): EndpointTarget {
  if (targetRef?.kind !== "Pod" || targetRef.name === undefined) return { kind: "unknown" };
  return { kind: "pod", key: `${targetRef.namespace ?? namespace}/${targetRef.name}`, uid: targetRef.uid ?? "" };
}
