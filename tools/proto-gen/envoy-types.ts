/**
 * Messages and services of Envoy's API that the product uses. Everything that they refer to is generated with them;
 * what stands in a `google.protobuf.Any` (filters, transport sockets, options) must be named here.
 */
export const envoyTypes: readonly string[] = [
  "envoy.config.bootstrap.v3.Bootstrap",
  "envoy.config.cluster.v3.Cluster",
  "envoy.config.core.v3.TypedExtensionConfig",
  "envoy.config.endpoint.v3.ClusterLoadAssignment",
  "envoy.config.listener.v3.Listener",
  "envoy.config.route.v3.RouteConfiguration",
  "envoy.service.discovery.v3.AggregatedDiscoveryService",
  "envoy.service.discovery.v3.Resource",

  "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
  "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
  "envoy.extensions.transport_sockets.tls.v3.Secret",
  "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
  "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",

  "envoy.extensions.filters.listener.dynamic_modules.v3.DynamicModuleListenerFilter",
  "envoy.extensions.filters.listener.http_inspector.v3.HttpInspector",
  "envoy.extensions.filters.listener.original_dst.v3.OriginalDst",
  "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
  "envoy.extensions.filters.udp.dynamic_modules.v3.DynamicModuleUdpListenerFilter",
  "envoy.extensions.filters.udp.udp_proxy.v3.Route",
  "envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig",
  "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
  "envoy.extensions.filters.network.rbac.v3.RBAC",
  "envoy.extensions.filters.network.set_filter_state.v3.Config",
  "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
  "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
  "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
  "envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute",
  "envoy.extensions.filters.http.header_to_metadata.v3.Config",
  "envoy.extensions.filters.http.health_check.v3.HealthCheck",
  "envoy.extensions.filters.http.lua.v3.Lua",
  "envoy.extensions.filters.http.rbac.v3.RBAC",
  "envoy.extensions.filters.http.rbac.v3.RBACPerRoute",
  "envoy.extensions.filters.http.router.v3.Router",
  "envoy.extensions.filters.http.set_filter_state.v3.Config",

  "envoy.extensions.access_loggers.file.v3.FileAccessLog",
  "envoy.extensions.access_loggers.stats.v3.Config",
  "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
  "envoy.extensions.formatter.cel.v3.Cel",
  "envoy.extensions.matching.common_inputs.transport_socket.v3.FilterStateInput",
  "envoy.extensions.matching.common_inputs.transport_socket.v3.TransportSocketNameAction",
  "envoy.extensions.matching.input_matchers.ip.v3.Ip",
  "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest",
  "envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin",
  "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",

  "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",

  "google.rpc.Status",
];

/** Options that mean nothing outside Envoy's own build: documentation marks and rules of protoc-gen-validate. */
export const droppedOptions: readonly string[] = [
  "envoy.annotations",
  "udpa.annotations",
  "xds.annotations.v3",
  "validate",
];
