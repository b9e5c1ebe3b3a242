/** Ports of an Envoy on loopback. */
export interface EnvoyPorts {
  readonly admin: number;
  readonly http: number;
  readonly tcp: number;
}

/** Renders an Envoy with an HTTP and a TCP listener before one application, as a sidecar has. */
export function envoyConfig(ports: EnvoyPorts, application: number): string {
  const listeners = [
    listener("http", ports.http, httpConnectionManager),
    listener("tcp", ports.tcp, { ...typed("network.tcp_proxy.v3.TcpProxy"), stat_prefix: "inbound_tcp", cluster }),
  ];
  const endpoint = { lb_endpoints: [{ endpoint: { address: loopback(application) } }] };
  const clusters = [{ name: cluster, load_assignment: { cluster_name: cluster, endpoints: [endpoint] } }];
  return JSON.stringify({ admin: { address: loopback(ports.admin) }, static_resources: { listeners, clusters } });
}

const cluster = "application";

const httpConnectionManager = {
  ...typed("network.http_connection_manager.v3.HttpConnectionManager"),
  stat_prefix: "inbound_http",
  route_config: {
    virtual_hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster } }] }],
  },
  http_filters: [{ name: "router", typed_config: typed("http.router.v3.Router") }],
};

function listener(name: string, port: number, filter: object): object {
  return { name, address: loopback(port), filter_chains: [{ filters: [{ name, typed_config: filter }] }] };
}

function loopback(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}

function typed(name: string): { readonly "@type": string } {
  return { "@type": `type.googleapis.com/envoy.extensions.filters.${name}` };
}
