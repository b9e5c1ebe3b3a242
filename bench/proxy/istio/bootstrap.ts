import type { JsonObject } from "@bufbuild/protobuf";
import { nodeMetadata } from "../../istio/node-metadata.ts";
import type { PodIdentity } from "../../mesh/objects.ts";

/** Unix sockets on which a pod of Istio has its agent. */
export interface AgentSockets {
  readonly xds: string;
  readonly secrets: string;
}

const extensions = "type.googleapis.com/envoy.extensions";

/**
 * Returns a bootstrap with what Istio's agent writes for a sidecar of the default profile, as far as it costs anything at
 * idle: node, discovery, the clusters and listeners of its own, the list of statistics, and what is created late.
 * Left out: the regular expressions that name tags of statistics, the compressors of the statistics page.
 * Source: istio.io/istio, tools/packaging/common/envoy_bootstrap.json
 */
export function istioBootstrap(pod: PodIdentity, sockets: AgentSockets): JsonObject {
  return {
    node: { metadata: nodeMetadata(pod) },
    admin: { address: loopback(15000) },
    layered_runtime: {
      layers: [
        { name: "global config", static_layer: runtime },
        { name: "admin", admin_layer: {} },
      ],
    },
    bootstrap_extensions: [
      {
        name: "envoy.bootstrap.internal_listener",
        typed_config: { "@type": `${extensions}.bootstrap.internal_listener.v3.InternalListener`, buffer_size_kb: 64 },
      },
    ],
    dynamic_resources: dynamicResources,
    static_resources: {
      clusters: [
        staticCluster("prometheus_stats", loopback(15000)),
        staticCluster("agent", loopback(15020)),
        { ...staticCluster("sds-grpc", { pipe: { path: sockets.secrets } }), ...http2 },
        { ...staticCluster("xds-grpc", { pipe: { path: sockets.xds } }), ...http2 },
      ],
      listeners: [
        listener(15090, "stats", "/stats/prometheus", "prometheus_stats"),
        listener(15021, "agent", "/healthz/ready", "agent"),
      ],
    },
    stats_config: {
      use_all_default_tags: false,
      stats_matcher: { inclusion_list: { patterns: statsPatterns } },
    },
    cluster_manager: { enable_deferred_cluster_creation: true },
    deferred_stat_options: { enable_deferred_creation_stats: true },
  };
}

const runtime = {
  "re2.max_program_size.error_level": "32768",
  "envoy.reloadable_features.http_reject_path_with_fragment": false,
  "envoy.reloadable_features.fixed_heap_use_allocated": true,
  "envoy.reloadable_features.coalesce_lb_rebuilds_on_batch_update": false,
};

const fromAds = { ads: {}, resource_api_version: "V3", initial_fetch_timeout: "0s" };

const dynamicResources = {
  lds_config: fromAds,
  cds_config: fromAds,
  ads_config: {
    api_type: "DELTA_GRPC",
    set_node_on_first_message_only: true,
    transport_api_version: "V3",
    grpc_services: [{ envoy_grpc: { cluster_name: "xds-grpc" } }],
  },
};

const statsPatterns: JsonObject[] = [
  ...[
    "reporter=",
    "cluster_manager",
    "listener_manager",
    "server",
    "cluster.xds-grpc",
    "wasm",
    "component",
    "istio",
  ].map((prefix) => ({ prefix })),
  ...["rbac.allowed", "rbac.denied", "shadow_allowed", "shadow_denied"].map((suffix) => ({ suffix })),
  { safe_regex: { regex: String.raw`vhost\..*\.route\..*` } },
];

const http2 = {
  typed_extension_protocol_options: {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
      "@type": `${extensions}.upstreams.http.v3.HttpProtocolOptions`,
      explicit_http_config: { http2_protocol_options: {} },
    },
  },
};

function staticCluster(name: string, address: JsonObject): JsonObject {
  return {
    name,
    type: "STATIC",
    connect_timeout: "1s",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}

function listener(port: number, stat_prefix: string, prefix: string, cluster: string): JsonObject {
  const routes = [{ match: { prefix }, route: { cluster } }];
  const manager = {
    "@type": `${extensions}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix,
    route_config: { virtual_hosts: [{ name: "backend", domains: ["*"], routes }] },
    http_filters: [
      { name: "envoy.filters.http.router", typed_config: { "@type": `${extensions}.filters.http.router.v3.Router` } },
    ],
  };
  return {
    name: `0.0.0.0_${port}`,
    address: socketAddress("0.0.0.0", port),
    ignore_global_conn_limit: true,
    filter_chains: [{ filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] }],
  };
}

function loopback(port: number): JsonObject {
  return socketAddress("127.0.0.1", port);
}

function socketAddress(address: string, port_value: number): JsonObject {
  return { socket_address: { address, port_value } };
}
