import type { MessageInitShape } from "@bufbuild/protobuf";
import { metricsPrefix } from "@meshwright/contract/sidecar-metrics";
import type { StatsConfigSchema } from "@meshwright/xds-api/gen/envoy/config/metrics/v3/stats_pb";
import type { StringMatcherSchema } from "@meshwright/xds-api/gen/envoy/type/matcher/v3/string_pb";
import { controlPlaneClusterName } from "./control-plane-cluster.ts";

/** What is kept of Envoy's statistics: a sidecar that counted everything of every cluster would need far more memory. */
const prefixes = [
  "cluster_manager.",
  "listener_manager.",
  "server.",
  `cluster.${controlPlaneClusterName}.`,
  `${metricsPrefix}.`,
];

/** Requests of each connection manager: open ones, and how many came. With the connections it tells when a proxy has drained. */
const suffixes = [".downstream_rq_active", ".downstream_rq_total"];

/**
 * Open connections of each connection manager and each listener. A listener goes by its address there, and counts for
 * each worker thread once more: with a listener for every TCP port of the mesh that was most of all statistics.
 */
const connections = String.raw`(http\..*|listener\.[0-9a-f_.\[\]]+)\.downstream_cx_active`;

/** Whether callers prove who they are, and why not. Each failure of a handshake between two sidecars is one of the server's. */
const handshakes = String.raw`listener\..*\.ssl\.(handshake|connection_error|fail_verify_[a-z_]+)`;

/** Keeps the statistics of the proxy itself and of the control plane's connection, and Istio's metrics. */
export function statsConfig(): MessageInitShape<typeof StatsConfigSchema> {
  const patterns: MessageInitShape<typeof StringMatcherSchema>[] = [
    ...prefixes.map((value) => ({ matchPattern: { case: "prefix", value } }) as const),
    ...suffixes.map((value) => ({ matchPattern: { case: "suffix", value } }) as const),
    ...[connections, handshakes].map((regex) => ({ matchPattern: { case: "safeRegex", value: { regex } } }) as const),
  ];
  return { statsMatcher: { statsMatcher: { case: "inclusionList", value: { patterns } } } };
}
