import { labels } from "@meshwright/contract/labels";
import type { KubeEndpointSlice, KubePod, KubeService } from "@meshwright/control-plane/watch/kube-shapes";
import { addresses, clusterIps, ipv6Addresses, ipv6ClusterIps, ipv6OnlyClusterIps } from "./addresses.ts";
import { type ServicePort, servicePorts } from "./service-ports.ts";

const namespace = "shop";

/** What the API server would hold of the bed. */
export interface BedObjects {
  readonly pods: readonly KubePod[];
  readonly services: readonly KubeService[];
  readonly endpointSlices: readonly KubeEndpointSlice[];
}

/** Pods that have an application: `client` and `web` with a sidecar, `legacy` without. */
export type PodName = "client" | "web" | "legacy";

/** The bed's pods, an ordinary Service before each server, a headless one before both, and aliases for one of them and for the outside. */
export function bedObjects(): BedObjects {
  const headlessPorts = servicePorts.map((port) => ({ ...port, port: port.targetPort }));
  return {
    pods: [pod("client", true), pod("web", true), pod("legacy", false)],
    services: [
      service(
        "web",
        { clusterIP: clusterIps.web, clusterIPs: [clusterIps.web, ipv6ClusterIps.web], selector: { app: "web" } },
        servicePorts,
      ),
      service(
        "legacy",
        {
          clusterIP: clusterIps.legacy,
          clusterIPs: [clusterIps.legacy, ipv6ClusterIps.legacy],
          selector: { app: "legacy" },
        },
        servicePorts,
      ),
      service("web6", { clusterIPs: [ipv6OnlyClusterIps.web], selector: { app: "web" } }, servicePorts),
      service("legacy6", { clusterIPs: [ipv6OnlyClusterIps.legacy], selector: { app: "legacy" } }, servicePorts),
      service("peers6", { clusterIP: "None", clusterIPs: ["None"], selector: { set: "peers" } }, headlessPorts),
      service("peers", { clusterIP: "None", clusterIPs: ["None"], selector: { set: "peers" } }, headlessPorts),
      externalName("partner", "outside.example"),
      externalName("storefront", "web.shop.svc.cluster.local"),
    ],
    endpointSlices: [
      slice("web", servicePorts, ["web"]),
      slice("legacy", servicePorts, ["legacy"]),
      slice("peers", servicePorts, ["web", "legacy"]),
      slice("web", servicePorts, ["web"], "IPv6"),
      slice("legacy", servicePorts, ["legacy"], "IPv6"),
      slice("web6", servicePorts, ["web"], "IPv6"),
      slice("legacy6", servicePorts, ["legacy"], "IPv6"),
      slice("peers6", servicePorts, ["web", "legacy"], "IPv6"),
    ],
  };
}

function pod(name: PodName, isMeshed: boolean): KubePod {
  const meshed = isMeshed ? { [labels.tlsMode]: "istio" } : {};
  const set: Record<string, string> = name === "client" ? {} : { set: "peers" };
  const status = {
    phase: "Running",
    podIP: addresses[name],
    podIPs: [{ ip: addresses[name] }, { ip: ipv6Addresses[name] }],
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: podName(name), namespace, uid: name, labels: { app: name, ...set, ...meshed } },
    spec: { serviceAccountName: name, containers: [{}] },
    status,
  };
}

/** Names as a StatefulSet gives them. */
export function podName(name: PodName): string {
  return `${name}-0`;
}

function service(name: string, spec: KubeService["spec"], ports: readonly ServicePort[]): KubeService {
  const declared = ports.map(({ name: portName, port, targetPort }) => ({ name: portName, port, targetPort }));
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { ...spec, ports: declared } };
}

function externalName(
  name: string,
  target: string,
): KubeService & { readonly spec: { readonly externalName: string } } {
  const spec = { type: "ExternalName", externalName: target };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}

function slice(
  name: string,
  ports: readonly ServicePort[],
  pods: readonly PodName[],
  addressType: "IPv4" | "IPv6" = "IPv4",
): KubeEndpointSlice {
  const metadata = {
    name: `${name}-${addressType.toLowerCase()}`,
    namespace,
    labels: { "kubernetes.io/service-name": name },
  };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata,
    addressType,
    ports: ports.map(({ name: portName, targetPort }) => ({ name: portName, port: targetPort })),
    endpoints: pods.map((target) => ({
      addresses: [addressType === "IPv4" ? addresses[target] : ipv6Addresses[target]],
      conditions: { ready: true },
      targetRef: { kind: "Pod", namespace, name: podName(target), uid: target },
    })),
  };
}
