import type { KubeClient } from "@meshwright/kube/client";
import type { ResourceType } from "@meshwright/kube/types";
import { z } from "zod";
import { KuttlError } from "./kuttl-error.ts";

/** Tells where the API server serves a kind. */
export interface ResourceFinder {
  /** Errors: KuttlError `ClusterFailed` when the server does not know the kind (yet: nothing is cached about it). */
  find(apiVersion: string, kind: string): Promise<ResourceType>;
}

/** Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#aggregated-discovery (APIResourceList). */
const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** Creates a finder that asks the server's discovery and remembers the kinds it found. */
export function createResourceFinder(client: KubeClient): ResourceFinder {
  const known = new Map<string, ResourceType>();
  return {
    async find(apiVersion, kind) {
      const key = `${apiVersion}/${kind}`;
      const found = known.get(key) ?? (await discover(client, apiVersion, kind));
      known.set(key, found);
      return found;
    },
  };
}

async function discover(client: KubeClient, apiVersion: string, kind: string): Promise<ResourceType> {
  const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = resourceList.parse(await client.request({ method: "GET", path }));
  // A name with a slash is a subresource, whose kind may be another resource's.
  const resource = resources.find((candidate) => candidate.kind === kind && !candidate.name.includes("/"));
  if (resource === undefined) {
    throw new KuttlError("ClusterFailed", `cannot find kind "${kind}": the server has none in ${apiVersion}`);
  }
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  return { group, version, plural: resource.name, kind, namespaced: resource.namespaced };
}
