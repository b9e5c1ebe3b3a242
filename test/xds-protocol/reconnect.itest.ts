import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { OneView, viewOf } from "@meshwright/control-plane/serve/testdata/one-view";
import type { ProxyView } from "@meshwright/control-plane/serve/view";
import type { Authority } from "@meshwright/pki/authority";
import { type ClientKeys, createClientKeys } from "@meshwright/testing/client-keys";
import { DiscoveryClient } from "@meshwright/testing/discovery-client";
import { until } from "@meshwright/testing/until";
import { createAuthority } from "@meshwright/testing/volume";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { connectEnvoy, get, routed, startApp } from "../xds/envoy.ts";
import { clusters, endpoints, listeners, nodeId, routes, web } from "../xds/mesh.ts";
import { RawProxy } from "../xds/raw-proxy.ts";
import { startReplica } from "../xds/replica.ts";

const { cluster, endpoint } = typeUrls;

let authority: Authority;
let keys: ClientKeys;
before(async () => {
  authority = await createAuthority();
  keys = await createClientKeys(authority, web);
});

const services = (count: number, generation: number): Record<string, number> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`outbound|80||service-${n}.shop.svc.cluster.local`, generation]),
  );

const meshOf = (generations: Record<string, number>, endpointGenerations = generations): ProxyView =>
  viewOf(
    clusters(generations),
    endpoints(endpointGenerations),
    listeners({ virtualInbound: 1, virtualOutbound: 1 }),
    routes({ "80": 1 }),
  );

describe("xds-protocol: a client that connects again", () => {
  test("is sent what differs from what it has, and what is gone", async () => {
    await using replica = await startReplica(authority, new OneView(viewOf(clusters({ a: 1, b: 2, c: 1 }))));
    using client = new DiscoveryClient(replica.port, keys);
    const versionOf = (name: string): string =>
      viewOf(clusters({ a: 1, b: 1 }))
        .get(cluster)
        ?.get(name)?.version ?? "none";
    const initialResourceVersions = { a: versionOf("a"), b: versionOf("b"), gone: "1" };
    using stream = client.delta();
    stream.send({ node: { id: nodeId() }, typeUrl: cluster, initialResourceVersions });
    const first = await stream.next();
    assert.deepEqual(first.resources.map(({ name }) => name).toSorted(), ["b", "c"]);
    stream.send({ typeUrl: cluster, responseNonce: first.nonce });
    assert.deepEqual((await stream.next()).removedResources, ["gone"]);
  });

  test("may claim what it has in its first request of a type alone", async () => {
    const source = new OneView(viewOf(clusters({ a: 1 })));
    await using replica = await startReplica(authority, source);
    using client = new DiscoveryClient(replica.port, keys);
    using stream = client.delta();
    stream.send({ node: { id: nodeId() }, typeUrl: cluster });
    const { nonce } = await stream.next();
    stream.send({ typeUrl: cluster, responseNonce: nonce, initialResourceVersions: { a: "claimed" } });
    source.show(viewOf(clusters({ a: 1, b: 1 })));
    assert.deepEqual(
      (await stream.next()).resources.map(({ name }) => name),
      ["b"],
    );
  });

  test("is answered at another replica too, with nothing but the differences", async () => {
    await using first = await startReplica(authority, new OneView(meshOf(services(50, 1))));
    using proxy = new RawProxy(nodeId(), keys, ["80"]);
    proxy.connect(first.port);
    await until("everything arrived", () => proxy.received.resources === 50 + 50 + 2 + 1);
    const changed = { ...services(50, 1), "outbound|80||service-7.shop.svc.cluster.local": 2 };
    await using second = await startReplica(authority, new OneView(meshOf(services(50, 1), changed)));
    proxy.connect(second.port);
    await until("the difference arrived", () => proxy.received.resources === 1);
    await until("the replica has its answers", () => isSettled(second.table.statuses()));
    assert.deepEqual({ ...proxy.received, bytes: 0 }, { resources: 1, removed: 0, bytes: 0 });
  });

  test("is one of 300, and none is sent anything again that did not change", async (t) => {
    const mesh = (): ProxyView => meshOf(services(100, 1));
    await using first = await startReplica(authority, new OneView(mesh()));
    const proxies = Array.from({ length: 300 }, (_, n) => new RawProxy(nodeId(`web-${n}`), keys, ["80"]));
    t.after(() => proxies.forEach((proxy) => proxy[Symbol.dispose]()));
    for (const proxy of proxies) proxy.connect(first.port);
    const expected = 100 + 100 + 2 + 1;
    await until("everything arrived", () => proxies.every(({ received }) => received.resources === expected), {
      timeoutMs: 60_000,
    });
    const before = proxies.reduce((sum, { received }) => sum + received.bytes, 0);
    // Another replica encodes everything itself.
    await using second = await startReplica(authority, new OneView(mesh()));
    for (const proxy of proxies) proxy.connect(second.port);
    await until("all are settled at the other replica", () => isSettledAll(second.table.statuses(), 300), {
      timeoutMs: 60_000,
    });
    const received = proxies.map((proxy) => proxy.received);
    assert.deepEqual(
      received.filter(({ resources, removed }) => resources + removed > 0),
      [],
    );
    const after = received.reduce((sum, { bytes }) => sum + bytes, 0);
    t.diagnostic(`${before} bytes at first, ${after} at the other replica`);
    // The answers that there is nothing: one of clusters, one of listeners.
    assert.ok(after <= 300 * 150, `${after} bytes were sent to proxies that had everything`);
  });
});

describe("xds-protocol: a real Envoy that connects again", () => {
  test("keeps what it has while no replica is there, and gets only what differs from the next", async () => {
    await using a = await startApp("a");
    await using b = await startApp("b");
    const apps = { a: a.port, b: b.port };
    const first = await startReplica(authority, new OneView(routed(apps, "a")));
    await using envoy = await connectEnvoy(authority, first.port);
    await envoy.untilReady();
    await first[Symbol.asyncDispose]();
    assert.equal(await get(envoy), "200 a");
    await using second = await startReplica(authority, new OneView(routed(apps, "b")), { port: first.port });
    await until("the new route is used", async () => (await get(envoy)) === "200 b");
    const resources = second.sent.filter(({ sizeBytes }) => sizeBytes > 120).map(({ type }) => type);
    assert.deepEqual(resources, [typeUrls.route]);
    const stats = await envoy.stats("cluster_manager.cluster_(added|modified|removed)");
    assert.deepEqual(Object.fromEntries(stats), {
      "cluster_manager.cluster_added": 3, // with `ads`
      "cluster_manager.cluster_modified": 0,
      "cluster_manager.cluster_removed": 0,
    });
  });
});

type Statuses = ReturnType<Awaited<ReturnType<typeof startReplica>>["table"]["statuses"]>;

/** Whether every proxy has asked for endpoints, which it does last, and answered everything. */
function isSettled(statuses: Statuses): boolean {
  return statuses.every(({ types }) => endpoint in types && Object.values(types).every(({ isSettled }) => isSettled));
}

function isSettledAll(statuses: Statuses, count: number): boolean {
  return statuses.length === count && isSettled(statuses);
}
