import { create, type JsonValue } from "@bufbuild/protobuf";
import { statsConfig } from "@meshwright/proxy/bootstrap/stats-config";
import { StatsConfigSchema } from "@meshwright/xds-api/gen/envoy/config/metrics/v3/stats_pb";
import { toXdsJson } from "@meshwright/xds-api/json";

/** Ports of an Envoy on loopback. */
export interface EnvoyPorts {
  readonly admin: number;
  readonly http: number;
  readonly tcp: number;
  /** Where the application's own calls go out. */
  readonly outbound: number;
}

/**
 * Renders an Envoy with an HTTP and a TCP listener before one application, and one for its own calls, as a sidecar has.
 * It keeps the statistics that a sidecar keeps.
 */
export function envoyConfig(ports: EnvoyPorts, application: number): string {
  const listeners = [
    listener("http", ports.http, httpConnectionManager("inbound_http")),
    listener("outbound", ports.outbound, httpConnectionManager("outbound_http")),
    listener("tcp", ports.tcp, { ...typed("network.tcp_proxy.v3.TcpProxy"), stat_prefix: "inbound_tcp", cluster }),
  ];
  const endpoint = { lb_endpoints: [{ endpoint: { address: loopback(application) } }] };
  const clusters = [{ name: cluster, load_assignment: { cluster_name: cluster, endpoints: [endpoint] } }];
  return JSON.stringify({
    admin: { address: loopback(ports.admin) },
    static_resources: { listeners, clusters },
    stats_config: keptStats(),
  });
}

function keptStats(): JsonValue {
  return toXdsJson(StatsConfigSchema, create(StatsConfigSchema, statsConfig()));
}

const cluster = "application";

const httpConnectionManager = (prefix: string): object => ({
  ...typed("network.http_connection_manager.v3.HttpConnectionManager"),
  stat_prefix: prefix,
  route_config: {
    virtual_hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster } }] }],
  },
  http_filters: [{ name: "router", typed_config: typed("http.router.v3.Router") }],
});

function listener(name: string, port: number, filter: object): object {
  const direction = name === "outbound" ? "OUTBOUND" : "INBOUND";
  const chain = { filters: [{ name, typed_config: filter }] };
  return { name, address: loopback(port), traffic_direction: direction, filter_chains: [chain] };
}

function loopback(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}

function typed(name: string): { readonly "@type": string } {
  return { "@type": `type.googleapis.com/envoy.extensions.filters.${name}` };
}
