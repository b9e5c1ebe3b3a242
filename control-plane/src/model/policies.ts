import type { PeerAuthentication, PolicyScope } from "./peer-authentication.ts";

/** Policies that hold, by scope. */
export interface Policies {
  readonly mesh: PeerAuthentication | undefined;
  readonly byNamespace: ReadonlyMap<string, PeerAuthentication>;
  /** Those that select workloads, by namespace, the oldest first. */
  readonly workloads: ReadonlyMap<string, readonly WorkloadPolicy[]>;
}

export interface WorkloadPolicy extends PeerAuthentication {
  readonly scope: Extract<PolicyScope, { kind: "workload" }>;
}

/** Sorts policies by scope. Of several for the mesh or for a namespace the oldest holds; the order given does not matter. */
export function groupPolicies(policies: Iterable<PeerAuthentication>): Policies {
  const youngestFirst = [...policies].toSorted((a, b) => byAge(b, a));
  return {
    mesh: youngestFirst.findLast(({ scope }) => scope.kind === "mesh"),
    // The last entry of a key wins in a Map.
    byNamespace: new Map(
      youngestFirst.flatMap((policy) => (policy.scope.kind === "namespace" ? [[policy.scope.namespace, policy]] : [])),
    ),
    workloads: Map.groupBy(youngestFirst.toReversed().filter(isForWorkloads), ({ scope: { namespace } }) => namespace),
  };
}

/** Oldest first; of the same second, by name. */
function byAge(a: PeerAuthentication, b: PeerAuthentication): number {
  return compare(a.createdAt, b.createdAt) || compare(a.name, b.name);
}

function isForWorkloads(policy: PeerAuthentication): policy is WorkloadPolicy {
  return policy.scope.kind === "workload";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
