import type { WorkloadNames } from "./workload-names.ts";

/** A pod, or an address that is no pod's, that takes traffic of one Service port now. */
export interface Endpoint {
  /** The one to try first. */
  readonly address: string;
  /** Those of other families that lead to the same pod, in the order in which to try them. */
  readonly otherAddresses: readonly string[];
  readonly port: number;
  /** Whether it is reached by mesh mTLS. */
  readonly isMeshed: boolean;
  readonly owner: EndpointOwner;
  /** Empty when unknown. */
  readonly zone: string;
}

/** Whose an endpoint is. */
export type EndpointOwner =
  | { readonly kind: "pod"; readonly namespace: string; readonly names: WorkloadNames }
  /** An address that is no pod's. */
  | { readonly kind: "unknown" };

/** Where the traffic of a Service goes, and as whom the servers must identify themselves. */
export interface ServiceEndpoints {
  /** By port name of the Service; every port has an entry. Sorted by address. */
  readonly byPort: ReadonlyMap<string, readonly Endpoint[]>;
  /** Service accounts of all its pods, ready or not, sorted. */
  readonly serviceAccounts: readonly string[];
}
