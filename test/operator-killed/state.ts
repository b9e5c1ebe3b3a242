import type { KubeClient } from "@meshwright/kube/client";
import { typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import {
  meshInstallType,
  meshRevisionTagType,
  meshRevisionType,
  ownedTypes,
} from "@meshwright/operator/api/managed-types";

/** What differs between two objects that are made alike: names of times, of versions, and what the API server gives out. */
const given = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "generation",
  "observedGeneration",
  "lastTransitionTime",
  "clusterIP",
  "clusterIPs",
  "caBundle",
  "ca.crt",
  "rootExpires",
  // Its digest, which the objects themselves are compared by.
  "meshwright.dev/applied",
]);

/** Everything that the mesh consists of, as text: equal for two meshes that are alike. */
export async function stateOf(client: KubeClient): Promise<string> {
  const labelSelector = "meshwright.dev/install";
  const owned = await Promise.all(ownedTypes.map((type) => client.list(typed<KubeObject>(type), { labelSelector })));
  const ours = await Promise.all(
    [meshInstallType, meshRevisionType, meshRevisionTagType].map((type) => client.list(typed<KubeObject>(type))),
  );
  const all = [...owned, ...ours]
    .flatMap(({ items }) => items)
    .map((object) => JSON.stringify(object, withoutGiven, 1));
  return all.toSorted().join("\n");
}

function withoutGiven(key: string, value: unknown): unknown {
  return given.has(key) ? undefined : value;
}
