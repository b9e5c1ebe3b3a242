import type { JsonObject } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { fromXdsJson } from "@meshwright/xds-api/json";

const source = { ads: {}, resource_api_version: "V3" };
const extension = "type.googleapis.com/envoy.extensions.filters";

/** A cluster that gets its endpoints over ADS. */
export function edsCluster(name: string, fields: JsonObject = {}): Any {
  return body("envoy.config.cluster.v3.Cluster", {
    name,
    type: "EDS",
    eds_cluster_config: { eds_config: source },
    ...fields,
  });
}

/** One endpoint on 127.0.0.1. */
export function endpoints(name: string, port: number): Any {
  const address = { socket_address: { address: "127.0.0.1", port_value: port } };
  const localities = [{ lb_endpoints: [{ endpoint: { address } }] }];
  return body("envoy.config.endpoint.v3.ClusterLoadAssignment", { cluster_name: name, endpoints: localities });
}

/** An HTTP listener on a free port that gets its routes over ADS. */
export function httpListener(name: string, routes: string): Any {
  const manager = {
    "@type": `${extension}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: name,
    rds: { route_config_name: routes, config_source: source },
    http_filters: [{ name: "router", typed_config: { "@type": `${extension}.http.router.v3.Router` } }],
  };
  const filters = [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }];
  return body("envoy.config.listener.v3.Listener", {
    name,
    address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
    filter_chains: [{ filters }],
  });
}

/** Routes everything to one cluster. */
export function routesTo(name: string, cluster: string): Any {
  const hosts = [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster } }] }];
  return body("envoy.config.route.v3.RouteConfiguration", { name, virtual_hosts: hosts });
}

function body(typeName: string, fields: JsonObject): Any {
  return fromXdsJson(AnySchema, { "@type": `type.googleapis.com/${typeName}`, ...fields });
}
