import { TcpProxySchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import { accessLogs } from "./access-log.ts";
import { type Filter, networkFilter } from "./network-filter.ts";

/** Forwards a connection's bytes to a cluster; the statistics are named after the cluster. */
export function tcpProxy(cluster: string, settings: MeshSettings): Filter {
  return networkFilter("envoy.filters.network.tcp_proxy", TcpProxySchema, {
    statPrefix: cluster,
    clusterSpecifier: { case: "cluster", value: cluster },
    // Nothing was sent while a connection is being made, so that another endpoint may be tried.
    maxConnectAttempts: 3,
    accessLog: [...accessLogs(settings)],
  });
}
