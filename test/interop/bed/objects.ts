import { labels } from "@meshwright/contract/labels";
import type { KubeEndpointSlice, KubePod, KubeService } from "@meshwright/control-plane/watch/kube-shapes";
import { addresses, clusterIps } from "./addresses.ts";
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
        { clusterIP: clusterIps.web, clusterIPs: [clusterIps.web], selector: { app: "web" } },
        servicePorts,
      ),
      service(
        "legacy",
        { clusterIP: clusterIps.legacy, clusterIPs: [clusterIps.legacy], selector: { app: "legacy" } },
        servicePorts,
      ),
      service("peers", { clusterIP: "None", clusterIPs: ["None"], selector: { set: "peers" } }, headlessPorts),
      externalName("partner", "outside.example"),
      externalName("storefront", "web.shop.svc.cluster.local"),
    ],
    endpointSlices: [
      slice("web", servicePorts, ["web"]),
      slice("legacy", servicePorts, ["legacy"]),
      slice("peers", servicePorts, ["web", "legacy"]),
    ],
  };
}

function pod(name: PodName, isMeshed: boolean): KubePod {
  const meshed = isMeshed ? { [labels.tlsMode]: "istio" } : {};
  const set: Record<string, string> = name === "client" ? {} : { set: "peers" };
  const status = { phase: "Running", podIP: addresses[name], podIPs: [{ ip: addresses[name] }] };
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

function slice(name: string, ports: readonly ServicePort[], pods: readonly PodName[]): KubeEndpointSlice {
  const metadata = { name: `${name}-a`, namespace, labels: { "kubernetes.io/service-name": name } };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata,
    addressType: "IPv4",
    ports: ports.map(({ name: portName, targetPort }) => ({ name: portName, port: targetPort })),
    endpoints: pods.map((target) => ({
      addresses: [addresses[target]],
      conditions: { ready: true },
      targetRef: { kind: "Pod", namespace, name: podName(target), uid: target },
    })),
  };
}
