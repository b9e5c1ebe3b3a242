import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, fromBinary, type JsonValue, toJson } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { packAny } from "@meshwright/xds-api/any";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { RouterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/router/v3/router_pb";
import { HttpConnectionManagerSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { TcpProxySchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb";
import { xdsRegistry } from "@meshwright/xds-api/registry";
import { withoutLackingFilters } from "./lacking.ts";

/** A message that our code cannot read, as it comes from istiod. */
const foreign = (type: string): Any => create(AnySchema, { typeUrl: `type.googleapis.com/${type}` });
const filter = (name: string, value: Any) => ({ name, configType: { case: "typedConfig", value } }) as const;

const alpn = filter("istio.alpn", foreign("istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig"));
const exchange = filter("istio.metadata_exchange", foreign("envoy.tcp.metadataexchange.config.MetadataExchange"));
const router = filter("envoy.filters.http.router", packAny(RouterSchema, {}));
const tcpProxy = filter("envoy.filters.network.tcp_proxy", packAny(TcpProxySchema, { statPrefix: "tcp" }));

/** The statistics filter, which istiod writes as a struct with the type's name in front. */
function stats() {
  const value = new BinaryWriter().uint32(10).string("type.googleapis.com/stats.PluginConfig").finish();
  return filter("istio.stats", create(AnySchema, { typeUrl: "type.googleapis.com/udpa.type.v1.TypedStruct", value }));
}

function http(...httpFilters: (typeof router)[]) {
  const manager = packAny(HttpConnectionManagerSchema, { statPrefix: "http", httpFilters });
  return filter("envoy.filters.network.http_connection_manager", manager);
}

function json(resource: Any): JsonValue {
  return toJson(AnySchema, resource, { registry: xdsRegistry });
}

describe("istiod's resources", () => {
  test("lose what only Istio's Envoy has, in each chain of a listener, and keep the rest in order", () => {
    const leftOut = new Map<string, number>();
    const given = packAny(ListenerSchema, {
      name: "virtualInbound",
      filterChains: [{ name: "a", filters: [exchange, http(alpn, stats(), router)] }],
      defaultFilterChain: { name: "b", filters: [exchange, tcpProxy] },
    });
    const want = packAny(ListenerSchema, {
      name: "virtualInbound",
      filterChains: [{ name: "a", filters: [http(router)] }],
      defaultFilterChain: { name: "b", filters: [tcpProxy] },
    });
    assert.deepEqual(json(withoutLackingFilters(given, leftOut)), json(want));
    assert.deepEqual(Object.fromEntries(leftOut), {
      "istio.metadata_exchange": 2,
      "istio.alpn": 1,
      "istio.stats": 1,
    });
  });

  test("lose it in clusters too", () => {
    const { value: typedConfig } = exchange.configType;
    const given = packAny(ClusterSchema, { name: "c", filters: [{ name: "istio.metadata_exchange", typedConfig }] });
    const { filters, name } = fromBinary(ClusterSchema, withoutLackingFilters(given, new Map()).value);
    assert.deepEqual([name, filters], ["c", []]);
  });

  test("pass as they came where there is nothing of it", () => {
    const given = packAny(ClusterSchema, { name: "c" });
    assert.equal(withoutLackingFilters(given, new Map()), given);
  });
});
