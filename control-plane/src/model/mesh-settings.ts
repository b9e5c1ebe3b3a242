import type { MtlsMode } from "./mtls-mode.ts";

/** The settings that decide what proxies are told. */
export interface MeshSettings {
  readonly trustDomain: string;
  /** DNS suffix of the cluster's Services. */
  readonly clusterDomain: string;
  /** What workloads accept where no policy says anything. */
  readonly mtls: MtlsMode;
  readonly outboundTraffic: OutboundTraffic;
  /** What sidecars write to stdout of each request or connection. */
  readonly accessLog: AccessLogLine;
  /** Whether requests carry `x-envoy-attempt-count`; since v1.1.0. */
  readonly countsAttempts: boolean;
}

export type AccessLogLine =
  | { readonly kind: "none" }
  /** Istio's default line. */
  | { readonly kind: "default" }
  /** A line in Envoy's command operators. */
  | { readonly kind: "format"; readonly format: string };

/** What happens to traffic for destinations that the mesh does not know. */
export type OutboundTraffic = "allowAny" | "registryOnly";
