import type { InboundMtls } from "./inbound-mtls.ts";
import type { Workload } from "./workload.ts";

/** A workload, and what it accepts after all policies were merged. */
export interface Pod {
  readonly workload: Workload;
  readonly mtls: InboundMtls;
}

/** Finds a pod by `namespace/name`. */
export type PodLookup = (key: string) => Pod | undefined;
