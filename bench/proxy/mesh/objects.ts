import { labels } from "@meshwright/contract/labels";
import type { KubeEndpointSlice, KubePod, KubeService } from "@meshwright/control-plane/watch/kube-shapes";
import type { KubeObject } from "@meshwright/kube/types";
import { type MeshSize, namespaceOf } from "../../translate/mesh.ts";

/** What the API server holds of one Service of the mesh. */
export interface ServiceObjects {
  readonly service: KubeService;
  readonly slice: KubeEndpointSlice;
  readonly pods: readonly PodWithStatus[];
}

/** A pod as kubelet would have made it run: the API server takes the status by a second call. */
export type PodWithStatus = KubePod & Required<Pick<KubePod, "spec" | "status">>;

/** Every second Service has the TCP port too. */
const httpPort = { name: "http", port: 80, targetPort: 8080 };
const tcpPort = { name: "tcp-data", port: 9000, targetPort: 9000 };

/** Returns a mesh whose Services have an HTTP port, and every second one a TCP port too; all pods have sidecars. */
export function meshObjects(size: MeshSize): ServiceObjects[] {
  return Array.from({ length: size.services }, (_, index) => serviceObjects(size, index));
}

export function meshNamespaces({ namespaces }: MeshSize): KubeObject[] {
  return Array.from({ length: namespaces }, (_, index) => namespaceObject(`ns-${index}`));
}

export function namespaceObject(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** Where a pod's sidecar runs and who it says it is. */
export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly address: string;
}

/** The pod whose sidecar is measured: one of the first Service, so that it has inbound ports of both kinds. */
export function measuredPod(size: MeshSize): PodIdentity {
  return podIdentity(size, 0, 0);
}

function podIdentity(size: MeshSize, index: number, pod: number): PodIdentity {
  return {
    namespace: namespaceOf(size, index),
    name: `svc-${index}-${pod}`,
    serviceAccount: `svc-${index}`,
    address: address("198.18", index * size.endpointsPerService + pod),
  };
}

function serviceObjects(size: MeshSize, index: number): ServiceObjects {
  const ports = index % 2 === 0 ? [httpPort, tcpPort] : [httpPort];
  const pods = Array.from({ length: size.endpointsPerService }, (_, pod) => podIdentity(size, index, pod));
  const metadata = { namespace: namespaceOf(size, index), name: `svc-${index}` };
  const spec = { clusterIP: address("198.19", index), selector: { app: metadata.name }, ports };
  return {
    service: { apiVersion: "v1", kind: "Service", metadata, spec },
    slice: {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        ...metadata,
        name: `${metadata.name}-a`,
        labels: { "kubernetes.io/service-name": metadata.name },
      },
      addressType: "IPv4",
      ports: ports.map(({ name, targetPort }) => ({ name, port: targetPort, protocol: "TCP" })),
      endpoints: pods.map((pod) => ({
        addresses: [pod.address],
        conditions: { ready: true },
        targetRef: { kind: "Pod", namespace: pod.namespace, name: pod.name },
      })),
    },
    pods: pods.map(podObject),
  };
}

function podObject({ namespace, name, serviceAccount, address: podIP }: PodIdentity): PodWithStatus {
  const container = { name: "app", image: "app", ports: [httpPort, tcpPort].map(containerPort) };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels: podLabels(serviceAccount) },
    spec: { serviceAccountName: serviceAccount, containers: [container] },
    status: { phase: "Running", podIPs: [{ ip: podIP }] },
  };
}

/** What a pod with a sidecar is told apart by, in Istio and here. */
export function podLabels(app: string): Readonly<Record<string, string>> {
  return { app, [labels.tlsMode]: "istio" };
}

function containerPort({ targetPort }: typeof httpPort) {
  return { containerPort: targetPort };
}

/** The first addresses of a range are the cluster's own. */
function address(prefix: string, index: number): string {
  const number = index + 256;
  return `${prefix}.${(number >> 8) & 255}.${number & 255}`;
}
