import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import { Cluster_DiscoveryType, ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { HttpConnectionManagerSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { TcpProxySchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb";
import { endpointsOf, routesOf } from "./references.ts";

function cluster(fields: MessageInitShape<typeof ClusterSchema>): Uint8Array {
  return toBinary(ClusterSchema, create(ClusterSchema, fields));
}

const eds = { case: "type", value: Cluster_DiscoveryType.EDS } as const;
const original = { case: "type", value: Cluster_DiscoveryType.ORIGINAL_DST } as const;

function chain(route: string) {
  const manager = packAny(HttpConnectionManagerSchema, {
    statPrefix: "x",
    routeSpecifier: { case: "rds", value: { routeConfigName: route } },
  });
  return { filters: [{ name: "http", configType: { case: "typedConfig", value: manager } as const }] };
}

describe("the endpoints that a cluster asks for", () => {
  test("have the name of its service, or else its own", () => {
    const named = { name: "a", clusterDiscoveryType: eds, edsClusterConfig: { serviceName: "b" } };
    assert.deepEqual(endpointsOf(cluster(named)), ["b"]);
    assert.deepEqual(endpointsOf(cluster({ name: "a", clusterDiscoveryType: eds })), ["a"]);
  });

  test("are none where endpoints come in another way", () => {
    assert.deepEqual(endpointsOf(cluster({ name: "a", clusterDiscoveryType: original })), []);
  });
});

describe("the route tables that a listener asks for", () => {
  test("are those of all its connection managers, each once", () => {
    const fields = { filterChains: [chain("80"), chain("90"), chain("80")], defaultFilterChain: chain("rest") };
    const body = toBinary(ListenerSchema, create(ListenerSchema, fields));
    assert.deepEqual(routesOf(body), ["80", "90", "rest"]);
  });

  test("are none where it has no connection manager", () => {
    const proxy = packAny(TcpProxySchema, { statPrefix: "x", clusterSpecifier: { case: "cluster", value: "c" } });
    const filters = [{ name: "tcp", configType: { case: "typedConfig", value: proxy } as const }];
    const body = toBinary(ListenerSchema, create(ListenerSchema, { filterChains: [{ filters }] }));
    assert.deepEqual(routesOf(body), []);
  });
});
