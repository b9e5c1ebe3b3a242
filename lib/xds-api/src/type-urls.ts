/** Type URL of a message in a `google.protobuf.Any` and in the xDS protocol. */
export type TypeUrl = `type.googleapis.com/${string}`;

/** Returns the type URL of a message by its full name. */
export function typeUrl(typeName: string): TypeUrl {
  return `type.googleapis.com/${typeName}`;
}

/**
 * Type URLs of the resources that Envoy subscribes to.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-docs/xds_protocol#resource-types
 */
export const typeUrls = {
  cluster: typeUrl("envoy.config.cluster.v3.Cluster"),
  endpoint: typeUrl("envoy.config.endpoint.v3.ClusterLoadAssignment"),
  listener: typeUrl("envoy.config.listener.v3.Listener"),
  route: typeUrl("envoy.config.route.v3.RouteConfiguration"),
  secret: typeUrl("envoy.extensions.transport_sockets.tls.v3.Secret"),
} as const;
