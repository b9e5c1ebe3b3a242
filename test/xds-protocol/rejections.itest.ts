import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { edsCluster } from "@meshwright/control-plane/serve/testdata/envoy-resources";
import { OneView, viewOf } from "@meshwright/control-plane/serve/testdata/one-view";
import type { ObjectReference, ProxyView } from "@meshwright/control-plane/serve/view";
import type { Authority } from "@meshwright/pki/authority";
import { type ClientKeys, createClientKeys } from "@meshwright/testing/client-keys";
import { DiscoveryClient } from "@meshwright/testing/discovery-client";
import { until } from "@meshwright/testing/until";
import { createAuthority } from "@meshwright/testing/volume";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { connectEnvoy, get, routed, startApp } from "../xds/envoy.ts";
import { clusters, nodeId, web } from "../xds/mesh.ts";
import { startReplica } from "../xds/replica.ts";

const { cluster } = typeUrls;
const node = { id: nodeId() };

let authority: Authority;
let keys: ClientKeys;
before(async () => {
  authority = await createAuthority();
  keys = await createClientKeys(authority, web);
});

/** The view with the objects of which one of its clusters was made. */
function madeOf(view: ProxyView, name: string, origins: readonly ObjectReference[]): ProxyView {
  const named = new Map(view.get(cluster));
  const resource = named.get(name);
  if (resource !== undefined) named.set(name, { ...resource, origins });
  return new Map(view).set(cluster, named);
}

describe("xds-protocol: a rejected resource", () => {
  test("leaves the client with its last good version, and is not sent again until it changes", async () => {
    const source = new OneView(viewOf(clusters({ a: 1 })));
    await using replica = await startReplica(authority, source);
    using client = new DiscoveryClient(replica.port, keys);
    using stream = client.delta();
    stream.send({ node, typeUrl: cluster });
    const good = await stream.next();
    stream.send({ typeUrl: cluster, responseNonce: good.nonce });
    source.show(viewOf(clusters({ a: 2 })));
    const bad = await stream.next();
    stream.send({ typeUrl: cluster, responseNonce: bad.nonce, errorDetail: { code: 13, message: "a is wrong" } });
    await until("it is rejected", () => replica.rejections.length > 0);
    source.show(viewOf(clusters({ a: 2, b: 1 })));
    const other = await stream.next();
    assert.deepEqual(
      other.resources.map(({ name }) => name),
      ["b"],
    );
    stream.send({ typeUrl: cluster, responseNonce: other.nonce });
    source.show(viewOf(clusters({ a: 3, b: 1 })));
    assert.deepEqual(
      (await stream.next()).resources.map(({ name }) => name),
      ["a"],
    );
  });

  test("is known with the proxy's words and the objects of which it was made", async () => {
    const origins = [{ apiVersion: "v1", kind: "Service", namespace: "shop", name: "a" }];
    await using replica = await startReplica(authority, new OneView(madeOf(viewOf(clusters({ a: 1 })), "a", origins)));
    using client = new DiscoveryClient(replica.port, keys);
    using stream = client.delta();
    stream.send({ node, typeUrl: cluster });
    const { nonce, resources } = await stream.next();
    stream.send({ typeUrl: cluster, responseNonce: nonce, errorDetail: { message: "a is wrong" } });
    await until("it is rejected", () => replica.rejections.length > 0);
    const rejected = { version: resources[0]?.version, message: "a is wrong", origins };
    assert.deepEqual(replica.table.statuses()[0]?.types[cluster]?.rejected, { a: rejected });
    assert.deepEqual(
      replica.rejections.map(({ names, message, origins: objects }) => ({ names, message, objects })),
      [{ names: ["a"], message: "a is wrong", objects: origins }],
    );
  });
});

for (const variant of ["DELTA_GRPC", "GRPC"] as const) {
  describe(`xds-protocol: a real Envoy over ${variant}`, () => {
    test("is isolated from a bad resource while everything else keeps changing", async () => {
      await using a = await startApp("a");
      await using b = await startApp("b");
      const bad = { bad: edsCluster("bad", { connect_timeout: "-1s" }) };
      const source = new OneView(routed({ a: a.port }, "a", bad));
      await using replica = await startReplica(authority, source);
      await using envoy = await connectEnvoy(authority, replica.port, { variant });
      await envoy.untilReady();
      assert.equal(await get(envoy), "200 a");
      source.show(routed({ b: b.port }, "b", bad));
      await until("the change arrived", async () => (await get(envoy)) === "200 b");
      assert.deepEqual([...new Set(replica.rejections.flatMap(({ names }) => names))], ["bad"]);
      source.show(routed({ b: b.port }, "b", { bad: edsCluster("bad") }));
      await until("the mended resource is accepted", () => {
        const rejected = replica.table.statuses()[0]?.types[cluster]?.rejected ?? {};
        return Object.keys(rejected).length === 0;
      });
    });

    test("moves between clusters that come and go without failing one request", async () => {
      await using a = await startApp("a");
      await using b = await startApp("b");
      const source = new OneView(routed({ a: a.port }, "a"));
      await using replica = await startReplica(authority, source);
      await using envoy = await connectEnvoy(authority, replica.port, { variant });
      await envoy.untilReady();
      const answers: string[] = [];
      for (let round = 0; round < 6; round++) {
        const [name, port] = round % 2 === 0 ? (["b", b.port] as const) : (["a", a.port] as const);
        source.show(routed({ [name]: port }, name));
        await until(`answers from ${name}`, async () => answers[answers.push(await get(envoy)) - 1] === `200 ${name}`);
      }
      assert.deepEqual(
        answers.filter((answer) => !answer.startsWith("200 ")),
        [],
      );
    });

    test("finishes warming a changed cluster whose endpoints did not change", async () => {
      await using app = await startApp("a");
      const view = (timeout: string): ProxyView =>
        routed({ a: app.port }, "a", { a: edsCluster("a", { connect_timeout: timeout }) });
      const source = new OneView(view("1s"));
      await using replica = await startReplica(authority, source);
      await using envoy = await connectEnvoy(authority, replica.port, { variant });
      await envoy.untilReady();
      source.show(view("2s"));
      const dump = async (): Promise<string> => JSON.stringify(await envoy.configDump());
      await until("the changed cluster is active", async () => (await dump()).includes('"connect_timeout":"2s"'));
      await until("no cluster is warming", async () => !(await dump()).includes("dynamic_warming_clusters"));
      assert.equal(await get(envoy), "200 a");
    });
  });
}
