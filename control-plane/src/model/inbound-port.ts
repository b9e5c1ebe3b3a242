import type { Protocol } from "./protocol.ts";

/** A port on which a workload serves at least one Service. */
export interface InboundPort {
  /** The container's port. */
  readonly port: number;
  readonly protocol: Protocol;
}
