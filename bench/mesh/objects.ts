import { labels } from "@meshwright/contract/labels";
import type { KubeEndpointSlice, KubePod, KubeService } from "@meshwright/control-plane/watch/kube-shapes";
import type { KubeObject } from "@meshwright/kube/types";
import { type MeshSize, namespaceOf } from "../translate/mesh.ts";

/** A Service of the mesh, from which its objects follow. */
export interface MeshService {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIP: string;
  readonly hasTcpPort: boolean;
  readonly pods: readonly PodIdentity[];
}

/** Where a pod's sidecar runs and who it says it is. */
export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly address: string;
}

/** What the API server holds of one Service of the mesh. */
export interface ServiceObjects {
  readonly service: KubeService;
  readonly slice: KubeEndpointSlice;
  readonly pods: readonly PodWithStatus[];
}

/** A pod as kubelet would have made it run: the API server takes the status by a second call. */
export type PodWithStatus = KubePod & Required<Pick<KubePod, "spec" | "status">>;

const httpPort = { name: "http", port: 80, targetPort: 8080 };
const tcpPort = { name: "tcp-data", port: 9000, targetPort: 9000 };

/** Returns Services that have an HTTP port, and every second one a TCP port too. The first ones of a larger mesh are those of a smaller. */
export function meshServices(size: MeshSize): MeshService[] {
  return Array.from({ length: size.services }, (_, index) => meshService(size, index));
}

/** Returns the objects of a mesh; all pods have sidecars. */
export function meshObjects(size: MeshSize): ServiceObjects[] {
  return meshServices(size).map(serviceObjects);
}

export function meshNamespaces({ namespaces }: MeshSize): KubeObject[] {
  return Array.from({ length: namespaces }, (_, index) => namespaceObject(`ns-${index}`));
}

export function namespaceObject(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** The pod whose sidecar is measured: one of the first Service, so that it has inbound ports of both kinds. */
export function measuredPod(size: MeshSize): PodIdentity {
  return podIdentity(size, 0, 0);
}

function meshService(size: MeshSize, index: number): MeshService {
  return {
    namespace: namespaceOf(size, index),
    name: `svc-${index}`,
    clusterIP: address("198.19", index),
    hasTcpPort: index % 2 === 0,
    pods: Array.from({ length: size.endpointsPerService }, (_, pod) => podIdentity(size, index, pod)),
  };
}

function podIdentity(size: MeshSize, index: number, pod: number): PodIdentity {
  return {
    namespace: namespaceOf(size, index),
    name: `svc-${index}-${pod}`,
    serviceAccount: `svc-${index}`,
    address: address("198.18", index * size.endpointsPerService + pod),
  };
}

/** Returns what the API server holds of a Service whose pods are all ready. */
export function serviceObjects(service: MeshService): ServiceObjects {
  const { namespace, name, clusterIP } = service;
  const spec = { clusterIP, selector: { app: name }, ports: portsOf(service) };
  return {
    service: { apiVersion: "v1", kind: "Service", metadata: { namespace, name }, spec },
    slice: endpointSlice(service, service.pods),
    pods: service.pods.map(podObject),
  };
}

/** Returns the EndpointSlice of a Service of which the given pods are ready. */
export function endpointSlice(service: MeshService, ready: readonly PodIdentity[]): KubeEndpointSlice {
  const { namespace, name } = service;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { namespace, name: `${name}-a`, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    ports: portsOf(service).map(({ name: port, targetPort }) => ({ name: port, port: targetPort, protocol: "TCP" })),
    endpoints: ready.map((pod) => ({
      addresses: [pod.address],
      conditions: { ready: true },
      targetRef: { kind: "Pod", namespace: pod.namespace, name: pod.name },
    })),
  };
}

function portsOf({ hasTcpPort }: MeshService) {
  return hasTcpPort ? [httpPort, tcpPort] : [httpPort];
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

/** Returns an address of a range of /16, of which the first ones are the cluster's own. */
export function address(prefix: string, index: number): string {
  const number = index + 256;
  return `${prefix}.${(number >> 8) & 255}.${number & 255}`;
}
