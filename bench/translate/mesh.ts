import type { Snapshot } from "@meshwright/control-plane/snapshot/snapshot";

/** Size of a synthetic mesh: as in the design, services with a few endpoints each, over some namespaces. */
export interface MeshSize {
  readonly services: number;
  readonly endpointsPerService: number;
  readonly namespaces: number;
}

export const trustDomain = "cluster.local";

export const settings = {
  trustDomain,
  clusterDomain: "cluster.local",
  mtls: "permissive",
  outboundTraffic: "allowAny",
  accessLog: { kind: "none" },
  countsAttempts: true,
} as const;

/** Fills a snapshot as the watches would. */
export function fill(snapshot: Snapshot, size: MeshSize): void {
  for (let index = 0; index < size.services; index++) {
    addService(snapshot, size, index);
    for (let pod = 0; pod < size.endpointsPerService; pod++) addPod(snapshot, size, index, pod);
    setEndpoints(snapshot, size, index, size.endpointsPerService);
  }
}

/** Makes the given number of a service's pods its ready endpoints. */
export function setEndpoints(snapshot: Snapshot, size: MeshSize, index: number, ready: number): void {
  const namespace = namespaceOf(size, index);
  snapshot.setEndpointSlice(`${namespace}/svc-${index}-a`, {
    namespace,
    name: `svc-${index}-a`,
    service: `svc-${index}`,
    ports: [{ name: "http", port: 8080 }],
    endpoints: Array.from({ length: ready }, (_, pod) => ({
      address: address("198.18", index * size.endpointsPerService + pod),
      isReady: true,
      target: { kind: "pod", key: `${namespace}/svc-${index}-${pod}`, uid: `${index}-${pod}` },
      zone: "",
    })),
  });
}

export function serviceKey(size: MeshSize, index: number): string {
  return `${namespaceOf(size, index)}/svc-${index}`;
}

export function namespaceOf({ namespaces }: MeshSize, index: number): string {
  return `ns-${index % namespaces}`;
}

export function addService(snapshot: Snapshot, size: MeshSize, index: number): void {
  const namespace = namespaceOf(size, index);
  snapshot.setService(serviceKey(size, index), {
    namespace,
    name: `svc-${index}`,
    addressing: { kind: "virtual", addresses: [address("198.19", index + 1)] },
    ports: [{ name: "http", port: 80, protocol: "http", targetPort: { kind: "number", port: 8080 } }],
    selector: { app: `svc-${index}` },
  });
}

export function addPod(snapshot: Snapshot, size: MeshSize, index: number, pod: number): void {
  const namespace = namespaceOf(size, index);
  snapshot.setWorkload(`${namespace}/svc-${index}-${pod}`, {
    namespace,
    name: `svc-${index}-${pod}`,
    uid: `${index}-${pod}`,
    serviceAccount: `svc-${index}`,
    labels: { app: `svc-${index}` },
    addresses: [address("198.18", index * size.endpointsPerService + pod)],
    ports: [],
    isMeshed: true,
    isTerminating: false,
  });
}

function address(prefix: string, index: number): string {
  return `${prefix}.${(index >> 8) & 255}.${index & 255}`;
}
