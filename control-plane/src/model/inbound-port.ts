import type { MtlsMode } from "./mtls-mode.ts";
import type { Protocol } from "./protocol.ts";

/** A port of a workload that Services or policies name. */
export interface InboundPort {
  /** The container's port. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly mtls: MtlsMode;
}

/** How a workload is served: all that its inbound configuration depends on. */
export interface WorkloadInbound {
  /** In ascending order. */
  readonly ports: readonly InboundPort[];
  /** What all other ports accept. */
  readonly otherPorts: MtlsMode;
}
