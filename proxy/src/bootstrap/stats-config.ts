import type { MessageInitShape } from "@bufbuild/protobuf";
import type { StatsConfigSchema } from "@meshwright/xds-api/gen/envoy/config/metrics/v3/stats_pb";
import type { StringMatcherSchema } from "@meshwright/xds-api/gen/envoy/type/matcher/v3/string_pb";
import { controlPlaneClusterName } from "./control-plane-cluster.ts";

/** What is kept of Envoy's statistics: a sidecar that counted everything of every cluster would need far more memory. */
const prefixes = ["cluster_manager.", "listener_manager.", "server.", `cluster.${controlPlaneClusterName}.`, "istio"];

/** Kept for every listener and connection manager: whether it still has work tells when it has drained. */
const suffixes = [".downstream_cx_active", ".downstream_rq_active"];

/** Whether callers prove who they are, and why not. Each failure of a handshake between two sidecars is one of the server's. */
const handshakes = String.raw`listener\..*\.ssl\.(handshake|connection_error|fail_verify_[a-z_]+)`;

/** Keeps the statistics of the proxy itself and of the control plane's connection, and Istio's metrics. */
export function statsConfig(): MessageInitShape<typeof StatsConfigSchema> {
  const patterns: MessageInitShape<typeof StringMatcherSchema>[] = [
    ...prefixes.map((value) => ({ matchPattern: { case: "prefix", value } }) as const),
    ...suffixes.map((value) => ({ matchPattern: { case: "suffix", value } }) as const),
    { matchPattern: { case: "safeRegex", value: { regex: handshakes } } },
  ];
  return { statsMatcher: { statsMatcher: { case: "inclusionList", value: { patterns } } } };
}
