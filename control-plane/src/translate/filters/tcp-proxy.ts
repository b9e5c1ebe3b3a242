import {
  TcpProxySchema,
  UpstreamConnectMode,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Reporter } from "../metrics/labels.ts";
import { atEnd, tcpMetrics } from "../metrics/tcp-metrics.ts";
import { accessLogs } from "./access-log.ts";
import { type Filter, networkFilter } from "./network-filter.ts";

/** Forwards a connection's bytes to a cluster; the statistics are named after the cluster. */
export function tcpProxy(cluster: string, reporter: Reporter, settings: MeshSettings): Filter {
  return networkFilter("envoy.filters.network.tcp_proxy", TcpProxySchema, {
    ...forward(cluster),
    ...(isProven(reporter) && afterHandshake),
    // Also when the server is reached, which is no end yet for those who write lines.
    accessLogOptions: { flushAccessLogOnConnected: true },
    accessLog: [...accessLogs(settings, atEnd), ...tcpMetrics(reporter)],
  });
}

/** The same for what is none of the application's own connections, and counts as none. */
export function uncountedTcpProxy(cluster: string, settings: MeshSettings): Filter {
  return networkFilter("envoy.filters.network.tcp_proxy", TcpProxySchema, {
    ...forward(cluster),
    accessLog: [...accessLogs(settings)],
  });
}

function isProven(reporter: Reporter): boolean {
  return reporter.kind === "destination" && reporter.client === "proven";
}

/**
 * The application hears of a client when it has proven who it is, and is counted under its name. Nothing is read of it before
 * the application has taken the connection.
 */
const afterHandshake = { upstreamConnectMode: UpstreamConnectMode.ON_DOWNSTREAM_TLS_HANDSHAKE, maxEarlyDataBytes: 0 };

function forward(cluster: string) {
  return {
    statPrefix: cluster,
    clusterSpecifier: { case: "cluster", value: cluster },
    // Nothing was sent while a connection is being made, so that another endpoint may be tried.
    maxConnectAttempts: 3,
  } as const;
}
