import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { before, describe, test } from "node:test";
import type { Authority } from "@meshwright/pki/authority";
import { adsBootstrap } from "@meshwright/testing/ads-bootstrap";
import { type Envoy, startEnvoy } from "@meshwright/testing/envoy";
import { until } from "@meshwright/testing/until";
import { createAuthority, createVolume } from "@meshwright/testing/volume";
import { adsService } from "./ads-service.ts";
import type { Rejection } from "./ads-stream.ts";
import { ProxyTable } from "./proxy-table.ts";
import { edsCluster, endpoints, httpListener, routesTo } from "./testdata/envoy-resources.ts";
import { type Bodies, OneView, viewOf } from "./testdata/one-view.ts";
import { serveTls } from "./testdata/tls-server.ts";
import type { ProxyView } from "./view.ts";

const identity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };
const nodeId = "sidecar~127.0.0.1~web-1.shop~shop.svc.cluster.local";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

/** An application that answers with its name. */
async function startApp(name: string): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((_, response) => response.end(name)).listen(0, "127.0.0.1");
  const { promise, resolve } = Promise.withResolvers<void>();
  server.on("listening", resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** One replica of a control plane that shows every proxy `view`. */
async function startReplica(view: ProxyView, address?: string) {
  const source = new OneView(view);
  const table = new ProxyTable();
  const rejections: Rejection[] = [];
  const ads = adsService(source, { table, onReject: (rejection) => rejections.push(rejection) });
  const server = await serveTls(authority, ads, address);
  return { source, table, rejections, port: server.port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** A real Envoy over mTLS at a server that shows it `view`. */
async function connect(view: ProxyView) {
  const stack = new AsyncDisposableStack();
  const replica = stack.use(await startReplica(view));
  const volume = stack.use(await createVolume(authority, identity));
  const envoy = stack.use(await startEnvoy(adsBootstrap({ port: replica.port, volume }), { nodeId }));
  return { ...replica, replica, envoy, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const routed = (apps: Readonly<Record<string, number>>, to: string, clusters: Bodies = {}): ProxyView =>
  viewOf(
    Object.fromEntries(Object.keys(apps).map((name) => [name, edsCluster(name)])),
    clusters,
    Object.fromEntries(Object.entries(apps).map(([name, port]) => [name, endpoints(name, port)])),
    { in: httpListener("in", "routes") },
    { routes: routesTo("routes", to) },
  );

async function get(envoy: Envoy): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${await envoy.port("in")}/`);
  return `${response.status} ${await response.text()}`;
}

describe("a real Envoy", () => {
  test("gets clusters, endpoints, listeners and routes over mTLS, and is known by its identity", async () => {
    await using app = await startApp("a");
    await using mesh = await connect(routed({ a: app.port }, "a"));
    await mesh.envoy.untilReady();
    assert.equal(await get(mesh.envoy), "200 a");
    assert.deepEqual(
      mesh.table.statuses().map(({ node, spiffeId }) => [node.envoyVersion, spiffeId]),
      [["1.40.0", "spiffe://cluster.local/ns/shop/sa/web"]],
    );
    assert.deepEqual(mesh.rejections, []);
  });

  test("moves back and forth between clusters that come and go without failing one request", async () => {
    await using a = await startApp("a");
    await using b = await startApp("b");
    await using mesh = await connect(routed({ a: a.port }, "a"));
    await mesh.envoy.untilReady();
    const answers: string[] = [];
    for (let round = 0; round < 10; round++) {
      const [name, port] = round % 2 === 0 ? (["b", b.port] as const) : (["a", a.port] as const);
      mesh.source.show(routed({ [name]: port }, name));
      await until(
        `answers from ${name}`,
        async () => answers[answers.push(await get(mesh.envoy)) - 1] === `200 ${name}`,
      );
    }
    assert.deepEqual(
      answers.filter((answer) => !answer.startsWith("200 ")),
      [],
    );
  });

  test("keeps everything else when one resource is rejected, and says what is wrong with it", async () => {
    await using app = await startApp("a");
    const names = ["c1", "c2", "c3", "c4", "c5"];
    const more = Object.fromEntries(names.map((name) => [name, edsCluster(name)]));
    await using mesh = await connect(
      routed({ a: app.port }, "a", { ...more, bad: edsCluster("bad", { connect_timeout: "-1s" }) }),
    );
    await until("the bad cluster is rejected alone", () => mesh.rejections.length > 0);
    await mesh.envoy.untilReady();
    assert.deepEqual(
      mesh.rejections.map((rejection) => rejection.names),
      [["bad"]],
    );
    assert.match(mesh.rejections[0]?.message ?? "", /Expected positive duration/);
    assert.equal(await get(mesh.envoy), "200 a");
    const stats = await mesh.envoy.stats("cluster_manager.active_clusters");
    assert.equal(stats.get("cluster_manager.active_clusters"), 2 + names.length); // with `ads` and `a`
  });

  test("uses a changed cluster although its endpoints did not change", async () => {
    await using app = await startApp("a");
    const view = (timeout: string): ProxyView =>
      routed({ a: app.port }, "a", { a: edsCluster("a", { connect_timeout: timeout }) });
    await using mesh = await connect(view("1s"));
    await mesh.envoy.untilReady();
    mesh.source.show(view("2s"));
    const dump = async (): Promise<string> => JSON.stringify(await mesh.envoy.configDump());
    await until("the changed cluster is active", async () => (await dump()).includes('"connect_timeout":"2s"'));
    await until("no cluster is warming", async () => !(await dump()).includes("dynamic_warming_clusters"));
    assert.equal(await get(mesh.envoy), "200 a");
  });

  test("goes on at another replica, which sends only what differs", async () => {
    await using a = await startApp("a");
    await using b = await startApp("b");
    await using mesh = await connect(routed({ a: a.port, b: b.port }, "a"));
    await mesh.envoy.untilReady();
    await mesh.replica[Symbol.asyncDispose]();
    assert.equal(await get(mesh.envoy), "200 a");
    await using other = await startReplica(routed({ a: a.port, b: b.port }, "b"), `127.0.0.1:${mesh.port}`);
    await until("the new route is used", async () => (await get(mesh.envoy)) === "200 b");
    const stats = await mesh.envoy.stats("cluster_manager.cluster_(added|modified|removed)");
    assert.deepEqual(Object.fromEntries(stats), {
      "cluster_manager.cluster_added": 3, // with `ads`
      "cluster_manager.cluster_modified": 0,
      "cluster_manager.cluster_removed": 0,
    });
    assert.deepEqual(other.rejections, []);
  });

  test("is ready with nothing to serve", async () => {
    await using mesh = await connect(viewOf());
    await mesh.envoy.untilReady();
  });
});
