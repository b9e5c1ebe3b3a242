import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { status } from "@grpc/grpc-js";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { OneView, viewOf } from "@meshwright/control-plane/serve/testdata/one-view";
import { Snapshot } from "@meshwright/control-plane/snapshot/snapshot";
import { readMeshSettings } from "@meshwright/control-plane/watch/read-mesh-settings";
import { readWorkload } from "@meshwright/control-plane/watch/read-workload";
import type { Authority } from "@meshwright/pki/authority";
import { type ClientKeys, createClientKeys } from "@meshwright/testing/client-keys";
import { type DeltaStream, DiscoveryClient } from "@meshwright/testing/discovery-client";
import { until } from "@meshwright/testing/until";
import { createAuthority } from "@meshwright/testing/volume";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { clusters, endpoints, nodeId, secrets, web } from "../xds/mesh.ts";
import { type Replica, type ReplicaOptions, startReplica } from "../xds/replica.ts";

const { cluster, endpoint, secret } = typeUrls;
const node = { id: nodeId() };
const oneCluster = viewOf(clusters({ a: 1 }));

let authority: Authority;
let keys: ClientKeys;
before(async () => {
  authority = await createAuthority(new Date(Date.now() - 3 * 60 * 60_000));
  keys = await createClientKeys(authority, web);
});

interface Bed extends AsyncDisposable {
  readonly replica: Replica;
  readonly stream: DeltaStream;
}

/** A stream of a client with a pod's certificate, on which nothing was said yet. */
async function connect(options: ReplicaOptions = {}, source = new OneView(oneCluster), own = keys): Promise<Bed> {
  const stack = new AsyncDisposableStack();
  const replica = stack.use(await startReplica(authority, source, options));
  const stream = stack.use(stack.use(new DiscoveryClient(replica.port, own)).delta());
  return { replica, stream, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Another client is served as if nothing had happened. */
async function servesOthers(replica: Replica): Promise<void> {
  using client = new DiscoveryClient(replica.port, keys);
  using stream = client.delta();
  stream.send({ node: { id: nodeId("another-1") }, typeUrl: cluster });
  assert.equal((await stream.next()).resources.length, 1);
}

const longestLine = ({ log }: Replica): number => Math.max(...log.map(({ length }) => length));

describe("xds-hostile: row 16, requests that are none", () => {
  test("a first request without the node ends the stream", async () => {
    await using bed = await connect();
    bed.stream.send({ typeUrl: cluster });
    assert.equal((await bed.stream.ended).code, status.INVALID_ARGUMENT);
    assert.deepEqual(bed.replica.refusals, ["NoNode"]);
    await servesOthers(bed.replica);
  });

  test("a node id of a megabyte ends the stream, and does not fill the log", async () => {
    await using bed = await connect();
    bed.stream.send({ node: { id: "x".repeat(1024 * 1024) }, typeUrl: cluster });
    assert.equal((await bed.stream.ended).code, status.INVALID_ARGUMENT);
    assert.deepEqual(bed.replica.refusals, ["MalformedNode"]);
    assert.ok(longestLine(bed.replica) < 4096);
    await servesOthers(bed.replica);
  });

  test("unknown types are answered as types without resources, up to a number", async () => {
    await using bed = await connect({ streamLimits: { types: 5 } });
    for (let type = 0; type < 5; type++) {
      bed.stream.send({
        ...(type === 0 && { node }),
        typeUrl: `type.googleapis.com/t${type}`,
        resourceNamesSubscribe: ["x"],
      });
      assert.deepEqual((await bed.stream.next()).removedResources, ["x"]);
    }
    bed.stream.send({ typeUrl: "type.googleapis.com/t5", resourceNamesSubscribe: ["x"] });
    assert.equal((await bed.stream.ended).code, status.RESOURCE_EXHAUSTED);
    assert.deepEqual(bed.replica.refusals, ["TooManyTypes"]);
  });

  test("ten thousand names are answered, and too many end the stream", async () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `name-${n}`);
    await using bed = await connect({ streamLimits: { namesPerType: 15_000 } });
    bed.stream.send({ node, typeUrl: endpoint, resourceNamesSubscribe: names });
    const { removedResources, nonce } = await bed.stream.next();
    assert.equal(removedResources.length, 10_000);
    bed.stream.send({
      typeUrl: endpoint,
      responseNonce: nonce,
      resourceNamesSubscribe: names.map((name) => `other-${name}`),
    });
    assert.equal((await bed.stream.ended).code, status.RESOURCE_EXHAUSTED);
    assert.deepEqual(bed.replica.refusals, ["TooManyNames"]);
  });

  test("a name of a hundred kilobytes ends the stream", async () => {
    await using bed = await connect();
    bed.stream.send({ node, typeUrl: endpoint, resourceNamesSubscribe: ["x".repeat(100_000)] });
    assert.equal((await bed.stream.ended).code, status.INVALID_ARGUMENT);
    assert.deepEqual(bed.replica.refusals, ["NameTooLong"]);
  });

  test("an error of a megabyte is cut before it is kept or logged", async () => {
    await using bed = await connect();
    bed.stream.send({ node, typeUrl: cluster });
    const { nonce } = await bed.stream.next();
    bed.stream.send({ typeUrl: cluster, responseNonce: nonce, errorDetail: { message: "x".repeat(1024 * 1024) } });
    await until("it is rejected", () => bed.replica.rejections.length > 0);
    assert.ok((bed.replica.rejections[0]?.message.length ?? 0) <= 16 * 1024);
    assert.ok(longestLine(bed.replica) < 20_000);
  });
});

describe("xds-hostile: rows 18 and 19, clients that are not who they say", () => {
  /** A real snapshot of two pods. */
  function snapshotOf(): Snapshot {
    const snapshot = new Snapshot();
    for (const [namespace, name, serviceAccountName] of [
      ["shop", "web-1", "web"],
      ["shop", "db-1", "db"],
      ["bank", "vault-1", "vault"],
    ] as const) {
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { namespace, name, uid: `${namespace}-${name}` },
        spec: { serviceAccountName, containers: [] },
        status: { phase: "Running", podIP: "198.18.0.9", podIPs: [{ ip: "198.18.0.9" }] },
      };
      snapshot.setWorkload(`${namespace}/${name}`, readWorkload(pod));
    }
    const settings = readMeshSettings(defaultMeshConfig("default", "envoy"), "v1.1.0");
    snapshot.start({ settings, trustBundle: authority.rootsPem });
    return snapshot;
  }

  async function outcome(own: Partial<ClientKeys> & Pick<ClientKeys, "roots">, id: string): Promise<string> {
    const snapshot = snapshotOf();
    await using replica = await startReplica(authority, snapshot);
    using client = new DiscoveryClient(replica.port, own);
    using stream = client.delta();
    stream.send({ node: { id }, typeUrl: cluster });
    const served = stream.next().then(() => "served");
    const ended = stream.ended.then(({ code }) => `${status[code]} ${replica.refusals.join()}`);
    served.catch(() => undefined);
    const result = await Promise.race([served, ended]);
    snapshot.stop();
    return result;
  }

  const cases: Record<
    string,
    {
      readonly own: () => Promise<Partial<ClientKeys> & Pick<ClientKeys, "roots">>;
      readonly id?: string;
      readonly want: string;
    }
  > = {
    "the pod itself is served": { own: async () => keys, want: "served" },
    "a client without a certificate is refused": {
      own: async () => ({ roots: keys.roots }),
      want: "UNAUTHENTICATED NoIdentity",
    },
    "a certificate of another root is refused": {
      own: async () => ({ ...(await createClientKeys(await createAuthority(), web)), roots: keys.roots }),
      want: "UNAUTHENTICATED NoIdentity",
    },
    "a certificate that has expired is refused": {
      own: async () =>
        createClientKeys(authority, web, { now: new Date(Date.now() - 2 * 60 * 60_000), lifetimeMs: 60_000 }),
      want: "UNAUTHENTICATED NoIdentity",
    },
    "a certificate of another trust domain is refused": {
      own: async () => createClientKeys(authority, { ...web, trustDomain: "other.example" }),
      want: "PERMISSION_DENIED ForeignNode",
    },
    "a node of another namespace is refused": {
      own: async () => keys,
      id: nodeId("vault-1", "bank"),
      want: "PERMISSION_DENIED ForeignNode",
    },
    "a node that does not exist in another namespace is refused in the same way": {
      own: async () => keys,
      id: nodeId("nobody-1", "bank"),
      want: "PERMISSION_DENIED ForeignNode",
    },
    "a node of another service account is refused": {
      own: async () => keys,
      id: nodeId("db-1"),
      want: "PERMISSION_DENIED ForeignNode",
    },
    "a node that is no pod is refused": {
      own: async () => keys,
      id: "sidecar~~~",
      want: "INVALID_ARGUMENT MalformedNode",
    },
    "a pod that is not known yet may try again": {
      own: async () => keys,
      id: nodeId("new-1"),
      want: "UNAVAILABLE NotReady",
    },
  };
  for (const [name, { own, id = nodeId(), want }] of Object.entries(cases)) {
    test(name, async () => assert.equal(await outcome(await own(), id), want));
  }
});

describe("xds-hostile: row 20, secrets of others", () => {
  test("a secret goes to its owner, and does not exist for others, also after its owner has it", async () => {
    const source = new OneView(viewOf(secrets("own", "everyone's")));
    source.show(withAudience(source, { own: "spiffe://cluster.local/ns/shop/sa/web", "everyone's": "everyone" }));
    await using bed = await connect({}, source);
    const names = ["own", "everyone's"];
    bed.stream.send({ node, typeUrl: secret, resourceNamesSubscribe: names });
    assert.deepEqual((await bed.stream.next()).resources.map(({ name }) => name).toSorted(), names.toSorted());
    for (const identity of [
      { ...web, serviceAccount: "db" },
      { ...web, namespace: "bank" },
    ]) {
      using other = new DiscoveryClient(bed.replica.port, await createClientKeys(authority, identity));
      using stream = other.delta();
      stream.send({ node, typeUrl: secret, resourceNamesSubscribe: names });
      const response = await stream.next();
      assert.deepEqual(
        [response.resources.map(({ name }) => name), response.removedResources],
        [["everyone's"], ["own"]],
      );
      using all = other.delta();
      all.send({ node, typeUrl: secret, resourceNamesSubscribe: ["*"] });
      assert.deepEqual(
        (await all.next()).resources.map(({ name }) => name),
        ["everyone's"],
      );
    }
  });

  function withAudience(
    source: OneView,
    audiences: Readonly<Record<string, "everyone" | `spiffe://${string}/ns/${string}/sa/${string}`>>,
  ) {
    const view = source.view;
    const named = [...(view.get(secret) ?? [])].map(([name, resource]) => {
      const audience = audiences[name];
      return [name, audience === undefined ? resource : { ...resource, audience }] as const;
    });
    return new Map(view).set(secret, new Map(named));
  }
});

describe("xds-hostile: row 21, clients that do not listen", () => {
  test("one that never answers holds nothing but names, and is ended after a time", async () => {
    const source = new OneView(oneCluster);
    await using bed = await connect({ streamLimits: { answerMs: 300 } }, source);
    bed.stream.send({ node, typeUrl: cluster });
    await bed.stream.next();
    for (let generation = 2; generation < 500; generation++) source.show(viewOf(clusters({ a: generation })));
    await servesOthers(bed.replica);
    assert.deepEqual(bed.stream.waiting, []);
    assert.equal((await bed.stream.ended).code, status.DEADLINE_EXCEEDED);
    assert.deepEqual(bed.replica.refusals, ["NotAnswering"]);
  });

  test("a storm of rejections is slowed down, and nobody else is", async () => {
    const source = new OneView(oneCluster);
    await using bed = await connect({ streamLimits: { requests: { perSecond: 10, burst: 20 } } }, source);
    bed.stream.send({ node, typeUrl: cluster });
    const { nonce } = await bed.stream.next();
    for (let request = 0; request < 2_000; request++)
      bed.stream.send({
        typeUrl: cluster,
        responseNonce: nonce,
        resourceNamesSubscribe: ["a"],
        errorDetail: { message: "no" },
      });
    await until("it is slowed down", () => bed.replica.refusals.includes("TooManyRequests"));
    await servesOthers(bed.replica);
    assert.ok(bed.replica.sent.length < 100, `${bed.replica.sent.length} responses were sent`);
  });

  test("answers to older responses change nothing", async () => {
    await using bed = await connect();
    bed.stream.send({ node, typeUrl: cluster });
    const { nonce } = await bed.stream.next();
    for (let request = 0; request < 500; request++)
      bed.stream.send({ typeUrl: cluster, responseNonce: `old-${request}`, errorDetail: { message: "no" } });
    bed.stream.send({ typeUrl: cluster, responseNonce: nonce });
    await until("the last answer counts", () => bed.replica.table.statuses()[0]?.types[cluster]?.acked === nonce);
    assert.deepEqual(bed.replica.rejections, []);
  });

  test("a node's newest stream takes the place of its oldest", async () => {
    await using bed = await connect({ streamLimits: { streamsPerNode: 2, streamsPerConnection: 10 } });
    bed.stream.send({ node, typeUrl: cluster });
    await bed.stream.next();
    using client = new DiscoveryClient(bed.replica.port, keys);
    for (let stream = 0; stream < 2; stream++) {
      const newer = client.delta();
      newer.send({ node, typeUrl: cluster });
      await newer.next();
    }
    assert.equal((await bed.stream.ended).code, status.ABORTED);
    assert.equal(bed.replica.table.size, 2);
  });

  test("more discovery streams of a connection than it may have are refused", async () => {
    await using bed = await connect();
    using client = new DiscoveryClient(bed.replica.port, keys);
    const streams = Array.from({ length: 3 }, () => client.delta());
    for (const [n, stream] of streams.entries()) stream.send({ node: { id: nodeId(`web-${n}`) }, typeUrl: cluster });
    const ended = await Promise.race(streams.map(({ ended: end }) => end));
    assert.equal(ended.code, status.RESOURCE_EXHAUSTED);
    assert.deepEqual(bed.replica.refusals, ["TooManyStreamsOfConnection"]);
  });
});

describe("xds-hostile: row 27, names of every kind", () => {
  const names = [
    "*.example.com",
    "UPPER.Example.com",
    "trailing.dot.example.com.",
    "bücher.example",
    "日本語.例え",
    "198.18.0.1",
    "2001:db8::1",
    `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`,
    "with space",
    "__proto__",
    "constructor",
    "\u0000",
  ];

  test("are served as they are, by the wildcard and by name", async () => {
    const generations = Object.fromEntries(names.map((name) => [name, 1]));
    const source = new OneView(viewOf(clusters(generations), endpoints(generations)));
    await using bed = await connect({}, source);
    bed.stream.send({ node, typeUrl: cluster });
    const all = await bed.stream.next();
    assert.deepEqual(all.resources.map(({ name }) => name).toSorted(), names.toSorted());
    bed.stream.send({ typeUrl: endpoint, resourceNamesSubscribe: names });
    const named = await bed.stream.next();
    assert.deepEqual(named.resources.map(({ name }) => name).toSorted(), names.toSorted());
    assert.equal(bed.replica.table.statuses().length, 1);
  });
});
