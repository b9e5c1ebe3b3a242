import type { MtlsMode } from "./mtls-mode.ts";

/** The settings that decide what proxies are told. */
export interface MeshSettings {
  readonly trustDomain: string;
  /** DNS suffix of the cluster's Services. */
  readonly clusterDomain: string;
  /** What workloads accept where no policy says anything. */
  readonly mtls: MtlsMode;
  readonly outboundTraffic: OutboundTraffic;
  /** Whether sidecars write one line per request to stdout. */
  readonly hasAccessLog: boolean;
  /** Whether requests carry `x-envoy-attempt-count`; since v1.1.0. */
  readonly countsAttempts: boolean;
}

/** What happens to traffic for destinations that the mesh does not know. */
export type OutboundTraffic = "allowAny" | "registryOnly";
