import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { OneView, viewOf } from "@meshwright/control-plane/serve/testdata/one-view";
import type { ProxyView } from "@meshwright/control-plane/serve/view";
import type { Authority } from "@meshwright/pki/authority";
import { type ClientKeys, createClientKeys } from "@meshwright/testing/client-keys";
import { type DeltaStream, DiscoveryClient } from "@meshwright/testing/discovery-client";
import { createAuthority } from "@meshwright/testing/volume";
import type { DeltaDiscoveryResponse } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { clusters, endpoints, listeners, nodeId, routes, web } from "../xds/mesh.ts";
import { type Replica, startReplica } from "../xds/replica.ts";

const { cluster, endpoint, listener, route } = typeUrls;
const node = { id: nodeId() };

let authority: Authority;
let keys: ClientKeys;
before(async () => {
  authority = await createAuthority();
  keys = await createClientKeys(authority, web);
});

/** A raw client over mTLS at a replica that shows it a view. */
async function connect(
  view: ProxyView,
): Promise<AsyncDisposable & { source: OneView; replica: Replica; stream: DeltaStream }> {
  const stack = new AsyncDisposableStack();
  const source = new OneView(view);
  const replica = stack.use(await startReplica(authority, source));
  const client = stack.use(new DiscoveryClient(replica.port, keys));
  const stream = stack.use(client.delta());
  return { source, replica, stream, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** `a b -c`: resources in the order of their names, then what is gone. */
function told({ resources, removedResources }: DeltaDiscoveryResponse): string {
  return [
    ...resources.map(({ name }) => name).toSorted(),
    ...removedResources.map((name) => `-${name}`).toSorted(),
  ].join(" ");
}

/** Takes and acknowledges one response. */
async function take(stream: DeltaStream): Promise<string> {
  const response = await stream.next();
  stream.send({ typeUrl: response.typeUrl, responseNonce: response.nonce });
  return told(response);
}

/**
 * Says what else came until now: the stream's requests are served in their order, so that the answer to one for a type
 * of its own comes after everything that was due before.
 */
async function nothingElse(stream: DeltaStream): Promise<void> {
  const typeUrl = `type.googleapis.com/probe.${Math.random()}`;
  stream.send({ typeUrl, resourceNamesSubscribe: ["x"] });
  assert.deepEqual({ typeUrl: (await stream.next()).typeUrl }, { typeUrl });
}

describe("xds-protocol: what a client asks for", () => {
  test("is everything with a first request without names", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1, b: 1 })));
    bed.stream.send({ node, typeUrl: cluster });
    assert.equal(await take(bed.stream), "a b");
  });

  test("is everything by the name *, which ends when it is left", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1, b: 1 })));
    bed.stream.send({ node, typeUrl: cluster, resourceNamesSubscribe: ["*"] });
    assert.equal(await take(bed.stream), "a b");
    bed.stream.send({ typeUrl: cluster, resourceNamesUnsubscribe: ["*"] });
    await nothingElse(bed.stream);
    bed.source.show(viewOf(clusters({ a: 2, b: 2 })));
    await nothingElse(bed.stream);
  });

  test("is everything without spelling it out, until * is left", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1 })));
    bed.stream.send({ node, typeUrl: cluster });
    assert.equal(await take(bed.stream), "a");
    bed.stream.send({ typeUrl: cluster, resourceNamesUnsubscribe: ["*"] });
    await nothingElse(bed.stream);
    bed.source.show(viewOf(clusters({ a: 2 })));
    await nothingElse(bed.stream);
  });

  test("is everything and some names together", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1, b: 1 })));
    bed.stream.send({ node, typeUrl: cluster, resourceNamesSubscribe: ["*", "a", "later"] });
    assert.equal(await take(bed.stream), "a b -later");
    bed.source.show(viewOf(clusters({ a: 1, b: 1, later: 1 })));
    assert.equal(await take(bed.stream), "later");
    bed.stream.send({ typeUrl: cluster, resourceNamesUnsubscribe: ["*"] });
    await nothingElse(bed.stream);
    bed.source.show(viewOf(clusters({ a: 2, b: 2, later: 1 })));
    assert.equal(await take(bed.stream), "a");
  });

  test("is told once more when it leaves a name under the wildcard", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1, b: 1 })));
    bed.stream.send({ node, typeUrl: cluster, resourceNamesSubscribe: ["*", "a"] });
    assert.equal(await take(bed.stream), "a b");
    bed.stream.send({ typeUrl: cluster, resourceNamesUnsubscribe: ["a"] });
    assert.equal(await take(bed.stream), "a");
  });

  test("is some names, of which those that do not exist are told as removed", async () => {
    await using bed = await connect(viewOf(endpoints({ a: 1, b: 1 })));
    bed.stream.send({ node, typeUrl: endpoint, resourceNamesSubscribe: ["a", "missing"] });
    assert.equal(await take(bed.stream), "a -missing");
    bed.source.show(viewOf(endpoints({ a: 1, b: 2, missing: 1 })));
    assert.equal(await take(bed.stream), "missing");
  });

  test("is nothing of a name that it left", async () => {
    await using bed = await connect(viewOf(endpoints({ a: 1, b: 1 })));
    bed.stream.send({ node, typeUrl: endpoint, resourceNamesSubscribe: ["a", "b"] });
    assert.equal(await take(bed.stream), "a b");
    bed.stream.send({ typeUrl: endpoint, resourceNamesUnsubscribe: ["a"] });
    await nothingElse(bed.stream);
    bed.source.show(viewOf(endpoints({ a: 2, b: 2 })));
    assert.equal(await take(bed.stream), "b");
  });

  test("is a name again, told although nothing changed", async () => {
    await using bed = await connect(viewOf(endpoints({ a: 1 })));
    for (const round of [1, 2]) {
      bed.stream.send({ ...(round === 1 && { node }), typeUrl: endpoint, resourceNamesSubscribe: ["a"] });
      assert.equal(await take(bed.stream), "a");
    }
  });

  test("is on demand: nothing until it names a cluster, and that alone", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1, b: 1 })));
    bed.stream.send({ node, typeUrl: cluster, resourceNamesUnsubscribe: ["*"] });
    await nothingElse(bed.stream);
    bed.stream.send({ typeUrl: cluster, resourceNamesSubscribe: ["b"] });
    assert.equal(await take(bed.stream), "b");
  });

  test("is a type that it comes to late, and gets as it is by then", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1 }), routes({ r: 1 })));
    bed.stream.send({ node, typeUrl: cluster });
    assert.equal(await take(bed.stream), "a");
    bed.source.show(viewOf(clusters({ a: 1 }), routes({ r: 2, s: 1 })));
    bed.stream.send({ typeUrl: route, resourceNamesSubscribe: ["r", "s"] });
    assert.equal(await take(bed.stream), "r s");
  });

  test("is a type that nobody serves, which has no resources", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1 })));
    const unknown = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig";
    bed.stream.send({ node, typeUrl: unknown, resourceNamesSubscribe: ["x"] });
    assert.equal(await take(bed.stream), "-x");
    bed.stream.send({ typeUrl: `${unknown}s` });
    assert.equal(await take(bed.stream), "");
    bed.stream.send({ typeUrl: cluster });
    assert.equal(await take(bed.stream), "a");
  });
});

describe("xds-protocol: what a client is told", () => {
  test("is what changed, and what is gone", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1, b: 1, c: 1 })));
    bed.stream.send({ node, typeUrl: cluster });
    assert.equal(await take(bed.stream), "a b c");
    bed.source.show(viewOf(clusters({ a: 1, b: 2, d: 1 })));
    assert.equal(await take(bed.stream), "b d");
    assert.equal(await take(bed.stream), "-c");
  });

  test("has a nonce for each response, and waits for its answer", async () => {
    await using bed = await connect(viewOf(clusters({ a: 1 })));
    bed.stream.send({ node, typeUrl: cluster });
    const first = await bed.stream.next();
    bed.source.show(viewOf(clusters({ a: 2 })));
    bed.source.show(viewOf(clusters({ a: 3 })));
    await nothingElse(bed.stream);
    bed.stream.send({ typeUrl: cluster, responseNonce: first.nonce });
    const second = await bed.stream.next();
    assert.equal(told(second), "a");
    assert.notEqual(second.nonce, first.nonce);
  });

  test("is not acknowledged by a stale nonce, which still may ask for more", async () => {
    await using bed = await connect(viewOf(endpoints({ a: 1, b: 1 })));
    bed.stream.send({ node, typeUrl: endpoint, resourceNamesSubscribe: ["a"] });
    const { nonce } = await bed.stream.next();
    bed.stream.send({ typeUrl: endpoint, responseNonce: "stale", resourceNamesSubscribe: ["b"] });
    await nothingElse(bed.stream);
    bed.stream.send({ typeUrl: endpoint, responseNonce: nonce });
    assert.equal(await take(bed.stream), "b");
  });

  test("comes in an order that never breaks traffic", async () => {
    const all = (generations: Record<string, number>): ProxyView =>
      viewOf(clusters(generations), endpoints(generations), listeners(generations), routes(generations));
    await using bed = await connect(all({ a: 1 }));
    /** Takes and acknowledges so many responses, and waits until the replica knows. */
    const takeAll = async (count: number): Promise<string[]> => {
      const order: string[] = [];
      for (let taken = 0; taken < count; taken++) {
        const response = await bed.stream.next();
        order.push(`${response.typeUrl.split(".").at(-1)} ${told(response)}`);
        bed.stream.send({ typeUrl: response.typeUrl, responseNonce: response.nonce });
      }
      await nothingElse(bed.stream);
      return order;
    };
    bed.stream.send({ node, typeUrl: cluster });
    assert.deepEqual(await takeAll(1), ["Cluster a"]);
    bed.stream.send({ typeUrl: listener });
    await nothingElse(bed.stream);
    bed.stream.send({ typeUrl: endpoint, resourceNamesSubscribe: ["a", "b"] });
    assert.deepEqual(await takeAll(2), ["ClusterLoadAssignment a -b", "Listener a"]);
    bed.stream.send({ typeUrl: route, resourceNamesSubscribe: ["a", "b"] });
    assert.deepEqual(await takeAll(1), ["RouteConfiguration a -b"]);
    bed.source.show(all({ a: 1, b: 1 }));
    assert.deepEqual(await takeAll(4), ["Cluster b", "ClusterLoadAssignment b", "Listener b", "RouteConfiguration b"]);
    bed.source.show(all({ b: 1 }));
    assert.deepEqual(await takeAll(4), [
      "Listener -a",
      "RouteConfiguration -a",
      "Cluster -a",
      "ClusterLoadAssignment -a",
    ]);
    bed.source.show(viewOf(clusters({ b: 2 }), endpoints({ b: 1 }), listeners({ b: 1 }), routes({ b: 1 })));
    assert.deepEqual(await takeAll(2), ["Cluster b", "ClusterLoadAssignment b"]);
  });
});
