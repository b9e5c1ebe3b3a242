import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { edsCluster, endpoints as endpointsAt } from "@meshwright/control-plane/serve/testdata/envoy-resources";
import { OneView, viewOf } from "@meshwright/control-plane/serve/testdata/one-view";
import type { ProxyView } from "@meshwright/control-plane/serve/view";
import type { Authority } from "@meshwright/pki/authority";
import { createClientKeys } from "@meshwright/testing/client-keys";
import { until } from "@meshwright/testing/until";
import { createAuthority } from "@meshwright/testing/volume";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { connectEnvoy, get, routed, startApp } from "../xds/envoy.ts";
import { startLoad } from "../xds/load.ts";
import { clusters, listeners, nodeId, web } from "../xds/mesh.ts";
import { RawProxy } from "../xds/raw-proxy.ts";
import { startReplica } from "../xds/replica.ts";

const perSecond = 500;

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

describe("xds-hostile: rows 22 and 23, changes under load", () => {
  test("routes change between clusters that come and go at 500 requests a second, and none fails", async () => {
    await using a = await startApp("a");
    await using b = await startApp("b");
    const source = new OneView(routed({ a: a.port }, "a"));
    await using replica = await startReplica(authority, source);
    await using envoy = await connectEnvoy(authority, replica.port);
    await envoy.untilReady();
    using load = startLoad(await envoy.port("in"), perSecond);
    for (let round = 0; round < 20; round++) {
      const [name, port] = round % 2 === 0 ? (["b", b.port] as const) : (["a", a.port] as const);
      const { total } = load;
      // The cluster that routes use goes in the same change as the routes.
      source.show(routed({ [name]: port }, name));
      await until("a hundred requests later", () => load.total >= total + 100);
    }
    assert.deepEqual([...load.outcomes.keys()], ["200"]);
    assert.deepEqual(replica.rejections, []);
  });

  test("a Service that is deleted and made anew serves at once", async () => {
    await using a = await startApp("a");
    const source = new OneView(routed({ a: a.port }, "a"));
    await using replica = await startReplica(authority, source);
    await using envoy = await connectEnvoy(authority, replica.port);
    await envoy.untilReady();
    for (let round = 0; round < 5; round++) {
      source.show(routed({}, "a"));
      await until("the cluster is gone", async () => !(await envoy.admin("/clusters")).includes("\na::"));
      source.show(routed({ a: a.port }, "a"));
      await until("it serves again", async () => (await get(envoy)) === "200 a", { timeoutMs: 2_000 });
    }
  });

  test("endpoints flap a thousand times a second, no request fails, and changes that nobody could take are never sent", async () => {
    await using a = await startApp("a");
    await using b = await startApp("b");
    const view = routed({ a: a.port }, "a");
    const views = [view, replaceEndpoints(view, b.port)] as const;
    const source = new OneView(view);
    await using replica = await startReplica(authority, source);
    await using envoy = await connectEnvoy(authority, replica.port);
    await envoy.untilReady();
    using load = startLoad(await envoy.port("in"), perSecond);
    let changes = 0;
    const began = performance.now();
    const flap = setInterval(() => {
      while (changes < performance.now() - began) source.show(views[++changes % 2 === 0 ? 0 : 1]);
    }, 1);
    await until("a thousand requests later", () => load.total >= 1_000).finally(() => clearInterval(flap));
    assert.deepEqual([...load.outcomes.keys()], ["200"]);
    assert.ok(changes > 1_000);
    assert.ok(replica.sent.length < changes, `${replica.sent.length} responses for ${changes} changes`);
  });
});

/** The same view with other endpoints of cluster `a`. */
function replaceEndpoints(view: ProxyView, port: number): ProxyView {
  const other = viewOf({ a: endpointsAt("a", port) }).get(typeUrls.endpoint);
  return other === undefined ? view : new Map(view).set(typeUrls.endpoint, other);
}

describe("xds-hostile: row 24, one bad object", () => {
  test("is rejected alone, is named, and everything else keeps changing under load", async () => {
    await using a = await startApp("a");
    await using b = await startApp("b");
    const bad = { bad: edsCluster("bad", { connect_timeout: "-1s" }) };
    const source = new OneView(routed({ a: a.port }, "a"));
    await using replica = await startReplica(authority, source);
    await using envoy = await connectEnvoy(authority, replica.port);
    await envoy.untilReady();
    using load = startLoad(await envoy.port("in"), perSecond);
    source.show(routed({ a: a.port }, "a", bad));
    await until("the bad one is rejected", () => replica.rejections.length > 0);
    source.show(routed({ b: b.port }, "b", bad));
    await until("the change is used", async () => (await get(envoy)) === "200 b");
    assert.deepEqual([...load.outcomes.keys()], ["200"]);
    assert.deepEqual(
      replica.rejections.map(({ node, names }) => [node.id, names]),
      [[nodeId(), ["bad"]]],
    );
  });
});

describe("xds-hostile: row 25, a control plane that is gone", () => {
  test("leaves proxies with what they have, and they take up changes when it is back", async () => {
    await using a = await startApp("a");
    await using b = await startApp("b");
    const first = await startReplica(authority, new OneView(routed({ a: a.port }, "a")));
    await using envoy = await connectEnvoy(authority, first.port);
    await envoy.untilReady();
    using load = startLoad(await envoy.port("in"), perSecond);
    await first[Symbol.asyncDispose]();
    await until("a thousand requests later", () => load.total >= 1_000);
    await using second = await startReplica(authority, new OneView(routed({ b: b.port }, "b")), { port: first.port });
    await until("the change is used", async () => (await get(envoy)) === "200 b");
    assert.deepEqual([...load.outcomes.keys()], ["200"]);
    assert.deepEqual(second.rejections, []);
  });
});

describe("xds-hostile: row 26, proxies that flip between control planes", () => {
  test("are sent what differs between the two, and nothing else", async () => {
    const names = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`service-${n}`, 1]));
    const oldView = viewOf(clusters(names), listeners({ in: 1 }));
    const newView = viewOf(clusters({ ...names, "service-7": 2 }), listeners({ in: 1, added: 1 }));
    await using oldReplica = await startReplica(authority, new OneView(oldView));
    await using newReplica = await startReplica(authority, new OneView(newView));
    using proxy = new RawProxy(nodeId(), await createClientKeys(authority, web));
    proxy.connect(oldReplica.port);
    await until("everything arrived", () => proxy.has(typeUrls.cluster).size === 50 && proxy.received.resources === 51);
    for (let round = 0; round < 5; round++) {
      proxy.connect(newReplica.port);
      await until("the new version's", () => proxy.has(typeUrls.listener).size === 2 && proxy.received.resources === 2);
      proxy.connect(oldReplica.port);
      await until("the old version's", () => proxy.has(typeUrls.listener).size === 1 && proxy.received.resources === 1);
    }
  });
});

describe("xds-hostile: row 27, names of every kind", () => {
  test("are accepted by a real Envoy", async () => {
    const names = [
      "outbound|80||*.example.com",
      "outbound|80||UPPER.Example.com",
      "outbound|80||trailing.dot.example.com.",
      "outbound|80||bücher.example",
      "outbound|80||日本語.例え",
      "outbound|80||198.18.0.1",
      "outbound|80||2001:db8::1",
      `outbound|80||${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`,
    ];
    await using app = await startApp("a");
    const source = new OneView(
      viewOf(
        Object.fromEntries(names.map((name) => [name, edsCluster(name)])),
        Object.fromEntries(names.map((name) => [name, endpointsAt(name, app.port)])),
      ),
    );
    await using replica = await startReplica(authority, source);
    await using envoy = await connectEnvoy(authority, replica.port);
    await envoy.untilReady();
    const active = async (): Promise<number | undefined> =>
      (await envoy.stats("cluster_manager.active_clusters")).get("cluster_manager.active_clusters");
    await until("all clusters are active", async () => (await active()) === names.length + 1); // with `ads`
    assert.deepEqual(replica.rejections, []);
  });
});
