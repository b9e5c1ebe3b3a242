import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import type { Fetch } from "@meshwright/collections/fetch";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import { decidingPolicies, effectiveMtls } from "../model/effective-mtls.ts";
import type { MtlsMode } from "../model/mtls-mode.ts";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import type { Pod } from "../model/pod.ts";
import { groupPolicies, type Policies } from "../model/policies.ts";
import type { Workload } from "../model/workload.ts";
import type { ObjectReference } from "../serve/view.ts";
import { policyReference } from "./origins.ts";
import { only, type Sources } from "./sources.ts";

/** Pods, and what policies make of any workload. */
export interface Pods {
  readonly all: Collection<Pod>;
  /** Says what a workload accepts that may be gone already; undefined before there are settings. */
  readonly podOf: (workload: Workload, fetch: Fetch) => Pod | undefined;
  /** The policies that decide what a workload accepts. */
  readonly policiesOf: (workload: Workload, fetch: Fetch) => readonly ObjectReference[];
}

interface MeshWide {
  readonly meshDefault: MtlsMode;
  readonly mesh: PeerAuthentication | undefined;
}

const noPolicies: Policies = groupPolicies([]);

/** Joins workloads with the policies that hold for them. */
export function derivePods({
  workloads,
  policies,
  settings,
}: Pick<Sources, "workloads" | "policies" | "settings">): Pods {
  const byNamespace = indexBy(policies, ({ scope }) => [scope.kind === "mesh" ? only : scope.namespace]);
  const grouped = map(byNamespace, (group) => groupPolicies(group), isDeepStrictEqual);
  const meshWide = map(
    settings,
    ({ mtls }, _, fetch): MeshWide => ({ meshDefault: mtls, mesh: fetch.get(grouped, only)?.mesh }),
    isDeepStrictEqual,
  );
  const policiesFor = ({ namespace }: Workload, mesh: PeerAuthentication | undefined, fetch: Fetch): Policies => ({
    ...(fetch.get(grouped, namespace) ?? noPolicies),
    mesh,
  });
  const podOf = (workload: Workload, fetch: Fetch): Pod | undefined => {
    const wide = fetch.get(meshWide, only);
    if (wide === undefined) return undefined;
    return { workload, mtls: effectiveMtls(workload, policiesFor(workload, wide.mesh, fetch), wide.meshDefault) };
  };
  const policiesOf = (workload: Workload, fetch: Fetch): readonly ObjectReference[] => {
    const deciding = decidingPolicies(workload, policiesFor(workload, fetch.get(meshWide, only)?.mesh, fetch));
    const groups = [workload.namespace, only].flatMap(
      (namespace) => fetch.get(byNamespace, namespace)?.entries() ?? [],
    );
    return groups.filter(([, policy]) => deciding.includes(policy)).map(([key]) => policyReference(key));
  };
  return { all: map(workloads, (workload, _, fetch) => podOf(workload, fetch), isSamePod), podOf, policiesOf };
}

function isSamePod(a: Pod, b: Pod): boolean {
  return a.workload === b.workload && isDeepStrictEqual(a.mtls, b.mtls);
}
