/** The settings that decide what proxies are told. */
export interface MeshSettings {
  readonly trustDomain: string;
  /** DNS suffix of the cluster's Services. */
  readonly clusterDomain: string;
  readonly mtls: MtlsMode;
  readonly outboundTraffic: OutboundTraffic;
  /** Whether sidecars write one line per request to stdout. */
  readonly hasAccessLog: boolean;
  /** Whether requests carry `x-envoy-attempt-count`; since v1.1.0. */
  readonly countsAttempts: boolean;
}

/** Whether workloads accept only mesh mTLS, or also what clients without a sidecar send. */
export type MtlsMode = "strict" | "permissive";

/** What happens to traffic for destinations that the mesh does not know. */
export type OutboundTraffic = "allowAny" | "registryOnly";
