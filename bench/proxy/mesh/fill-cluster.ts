import type { KubeClient } from "@meshwright/kube/client";
import { endpointSlices, namespaces, pods, services } from "@meshwright/kube/resource-types";
import type { MeshSize } from "../../translate/mesh.ts";
import { meshNamespaces, meshObjects, namespaceObject, type PodWithStatus, type ServiceObjects } from "./objects.ts";

/** As many calls at once as keep a small API server busy. */
const parallel = 16;

/** Writes the mesh, and the namespaces of the control planes, into an API server without controllers. */
export async function fillCluster(
  client: KubeClient,
  size: MeshSize,
  systemNamespaces: readonly string[],
): Promise<void> {
  const all = [...meshNamespaces(size), ...systemNamespaces.map(namespaceObject)];
  for (const namespace of all) await client.create(namespaces, namespace);
  const left = meshObjects(size).values();
  await Promise.all(Array.from({ length: parallel }, () => writeAll(client, left)));
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
