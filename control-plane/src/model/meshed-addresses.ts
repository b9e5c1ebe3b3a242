import type { Workload } from "./workload.ts";

/** Addresses behind which a sidecar accepts mesh mTLS, in one order whatever the order of the pods. */
export function meshedAddresses(workloads: Iterable<Workload>): readonly string[] {
  const addresses = [...workloads].filter(({ isMeshed }) => isMeshed).flatMap((workload) => workload.addresses);
  return [...new Set(addresses)].toSorted();
}
