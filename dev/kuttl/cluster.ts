import type { KubeClient } from "@meshwright/kube/client";
import { isKubeError } from "@meshwright/kube/kube-error";
import type { KubeObject, ObjectKey, ResourceType } from "@meshwright/kube/types";
import { KuttlError } from "./kuttl-error.ts";
import type { Manifest } from "./manifest.ts";
import { createResourceFinder } from "./resource-finder.ts";

/** An object in the cluster, found by a manifest or a reference. */
export interface Located {
  readonly type: ResourceType;
  readonly key: ObjectKey;
}

/** What a suite asks of a cluster; the namespace of a test stands in for one that is not given. */
export interface Cluster {
  /** Creates the object, or merges it into the one that exists (RFC 7386), as kuttl does. */
  apply(manifest: Manifest, namespace: string): Promise<Located & { readonly outcome: "created" | "updated" }>;
  /** The objects that a manifest may speak of: the one with its name, else all with its labels. */
  candidates(manifest: Manifest, namespace: string): Promise<readonly KubeObject[]>;
  /** The same, as places. */
  locate(manifest: Manifest, namespace: string): Promise<readonly Located[]>;
  /** Asks for an object's deletion. */
  remove(object: Located): Promise<void>;
  isGone(object: Located): Promise<boolean>;
}

/** Creates the cluster of a client. */
export function createCluster(client: KubeClient): Cluster {
  const finder = createResourceFinder(client);
  return {
    async apply(manifest, namespace) {
      const type = await finder.find(manifest.apiVersion, manifest.kind);
      const key = keyOf(type, named(manifest), manifest.metadata.namespace ?? namespace);
      const metadata = { ...manifest.metadata, ...key };
      try {
        await client.create(type, { ...manifest, metadata });
        return { type, key, outcome: "created" };
      } catch (error) {
        if (!isKubeError(error, "AlreadyExists")) throw error;
        await client.patch(type, key, { ...manifest, metadata });
        return { type, key, outcome: "updated" };
      }
    },
    async candidates(manifest, namespace) {
      const type = await finder.find(manifest.apiVersion, manifest.kind);
      return candidates(client, type, manifest, namespace);
    },
    async locate(manifest, namespace) {
      const type = await finder.find(manifest.apiVersion, manifest.kind);
      const found = await candidates(client, type, manifest, namespace);
      return found.map(({ metadata }) => ({ type, key: keyOf(type, metadata.name, metadata.namespace ?? namespace) }));
    },
    remove: ({ type, key }) => client.delete(type, key, { propagationPolicy: "Background" }),
    isGone: async ({ type, key }) => (await client.get(type, key)) === undefined,
  };
}

async function candidates(
  client: KubeClient,
  type: ResourceType,
  manifest: Manifest,
  namespace: string,
): Promise<readonly KubeObject[]> {
  const { name, labels = {} } = manifest.metadata;
  const place = manifest.metadata.namespace ?? namespace;
  if (name !== undefined) {
    const found = await client.get(type, keyOf(type, name, place));
    return found === undefined ? [] : [found];
  }
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const { items } = await client.list(type, {
    ...(type.namespaced ? { namespace: place } : {}),
    ...(labelSelector === "" ? {} : { labelSelector }),
  });
  return items;
}

function keyOf(type: ResourceType, name: string, namespace: string): ObjectKey {
  return type.namespaced ? { name, namespace } : { name };
}

function named(manifest: Manifest): string {
  const { name } = manifest.metadata;
  if (name === undefined)
    throw new KuttlError("InvalidSuite", `cannot apply ${manifest.kind}: metadata.name is missing`);
  return name;
}
