import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { edsCluster, endpoints } from "@meshwright/control-plane/serve/testdata/envoy-resources";
import { OneView, viewOf } from "@meshwright/control-plane/serve/testdata/one-view";
import type { Authority } from "@meshwright/pki/authority";
import { adsBootstrap } from "@meshwright/testing/ads-bootstrap";
import { startEnvoy } from "@meshwright/testing/envoy";
import { until } from "@meshwright/testing/until";
import { createAuthority, createVolume } from "@meshwright/testing/volume";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { startApp } from "../xds/envoy.ts";
import { nodeId, web } from "../xds/mesh.ts";
import { startReplica } from "../xds/replica.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const extension = "type.googleapis.com/envoy.extensions.filters";

/** A listener whose requests name the cluster that they want, and which asks for it when it has none of that name. */
function onDemandListener(): JsonObject {
  const odcds = { source: { ads: {}, resource_api_version: "V3" }, timeout: "5s" };
  const route = { match: { prefix: "/" }, route: { cluster_header: "x-cluster" } };
  const manager: JsonObject = {
    "@type": `${extension}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    route_config: { name: "static", virtual_hosts: [{ name: "all", domains: ["*"], routes: [route] }] },
    http_filters: [
      { name: "on_demand", typed_config: { "@type": `${extension}.http.on_demand.v3.OnDemand`, odcds } },
      { name: "router", typed_config: { "@type": `${extension}.http.router.v3.Router` } },
    ],
  };
  return {
    name: "in",
    address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
    filter_chains: [{ filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] }],
  };
}

/** The bootstrap with the listener, and without a subscription to all clusters. */
function onDemandBootstrap(bootstrap: JsonObject): JsonObject {
  const { static_resources: resources, dynamic_resources: dynamic } = bootstrap;
  assert.ok(isObject(resources) && isObject(dynamic));
  const { cds_config: _, ...others } = dynamic;
  return { static_resources: { ...resources, listeners: [onDemandListener()] }, dynamic_resources: others };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

describe("xds-protocol: a real Envoy that asks on demand", () => {
  test("gets a cluster when a request needs it, and no other", async () => {
    await using app = await startApp("a");
    const names = ["a", "b", "c"];
    const source = new OneView(
      viewOf(
        Object.fromEntries(names.map((name) => [name, edsCluster(name)])),
        Object.fromEntries(names.map((name) => [name, endpoints(name, app.port)])),
      ),
    );
    await using replica = await startReplica(authority, source);
    using volume = await createVolume(authority, web);
    const bootstrap = onDemandBootstrap(adsBootstrap({ port: replica.port, volume }));
    await using envoy = await startEnvoy(bootstrap, { nodeId: nodeId() });
    await envoy.untilReady();
    const url = `http://127.0.0.1:${await envoy.port("in")}/`;
    const ask = async (cluster: string): Promise<number> =>
      (await fetch(url, { headers: { "x-cluster": cluster } })).status;
    assert.equal(await ask("b"), 200);
    const active = async (): Promise<string[]> => {
      const stats = await envoy.admin("/clusters");
      return names.filter((name) => stats.includes(`\n${name}::`) || stats.startsWith(`${name}::`));
    };
    assert.deepEqual(await active(), ["b"]);
    assert.equal(await ask("missing"), 503);
    source.show(
      viewOf(
        Object.fromEntries(names.map((name) => [name, edsCluster(name, { connect_timeout: "2s" })])),
        Object.fromEntries(names.map((name) => [name, endpoints(name, app.port)])),
      ),
    );
    await until("the change of the cluster is acknowledged", () =>
      replica.table.statuses().every(({ types }) => types[typeUrls.cluster]?.isSettled === true),
    );
    assert.equal(await ask("b"), 200);
    assert.deepEqual(await active(), ["b"]);
  });
});
