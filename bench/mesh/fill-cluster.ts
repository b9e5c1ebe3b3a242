import type { KubeClient } from "@meshwright/kube/client";
import { endpointSlices, namespaces, pods, services } from "@meshwright/kube/resource-types";
import type { MeshSize } from "../translate/mesh.ts";
import {
  type MeshService,
  meshNamespaces,
  meshServices,
  namespaceObject,
  type PodWithStatus,
  type ServiceObjects,
  serviceObjects,
} from "./objects.ts";

/** As many calls at once as keep a small API server busy. */
const parallel = 16;

/** Writes the mesh, and the namespaces of the control planes, into an API server without controllers. */
export async function fillCluster(
  client: KubeClient,
  size: MeshSize,
  systemNamespaces: readonly string[],
): Promise<void> {
  await createNamespaces(client, size, systemNamespaces);
  await createServices(client, meshServices(size));
}

/** Creates the namespaces of the mesh and of the control planes. */
export async function createNamespaces(client: KubeClient, size: MeshSize, system: readonly string[]): Promise<void> {
  for (const namespace of [...meshNamespaces(size), ...system.map(namespaceObject)])
    await client.create(namespaces, namespace);
}

/** Writes Services with their pods and endpoints. */
export async function createServices(client: KubeClient, all: readonly MeshService[]): Promise<void> {
  const left = all.map(serviceObjects).values();
  await Promise.all(Array.from({ length: parallel }, () => writeAll(client, left)));
}

/** Writes pods that run and are ready. */
export async function createPods(client: KubeClient, all: readonly PodWithStatus[]): Promise<void> {
  await Promise.all(all.map((pod) => writePod(client, pod)));
}

/** Workers share the iterator: each takes the next Service that nobody has taken. */
async function writeAll(client: KubeClient, left: IterableIterator<ServiceObjects>): Promise<void> {
  for (const { service, slice, pods: own } of left) {
    await client.create(services, service);
    for (const pod of own) await writePod(client, pod);
    await client.create(endpointSlices, slice);
  }
}

async function writePod(client: KubeClient, pod: PodWithStatus): Promise<void> {
  await client.create(pods, pod);
  const ready = { type: "Ready", status: "True" };
  const podIP = pod.status.podIPs?.[0]?.ip;
  const status = { ...pod.status, podIP, conditions: [ready] };
  await client.patch(pods, pod.metadata, { status }, { subresource: "status" });
}
