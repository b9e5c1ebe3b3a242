import type { WorkloadNames } from "./workload-names.ts";

/** A pod, as far as the mesh cares. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
  /** Tells a pod from a later one of the same name. */
  readonly uid: string;
  readonly serviceAccount: string;
  /** Its own, IPv4 and IPv6; none before its sandbox is made. */
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly names: WorkloadNames;
  readonly ports: readonly WorkloadPort[];
  /** Whether a sidecar in front of it accepts mesh mTLS. */
  readonly isMeshed: boolean;
  readonly isTerminating: boolean;
}

/** A container port that has a name, by which a Service may call it. */
export interface WorkloadPort {
  readonly name: string;
  readonly port: number;
}

/** Key of a pod in caches and indexes. */
export function workloadKey(workload: { readonly namespace: string; readonly name: string }): string {
  return `${workload.namespace}/${workload.name}`;
}
