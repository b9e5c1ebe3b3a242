import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { before, describe, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";
import { status } from "@grpc/grpc-js";
import type { RefusalReason } from "@meshwright/control-plane/serve/refusal";
import { OneView, viewOf } from "@meshwright/control-plane/serve/testdata/one-view";
import type { Authority } from "@meshwright/pki/authority";
import { type ClientKeys, createClientKeys } from "@meshwright/testing/client-keys";
import { DiscoveryClient } from "@meshwright/testing/discovery-client";
import { until } from "@meshwright/testing/until";
import { createAuthority } from "@meshwright/testing/volume";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { framed, openCall, openHttp2, openTls, request, statusOf } from "../xds/http2-client.ts";
import { clusters, nodeId, web } from "../xds/mesh.ts";
import { beginning, continued, hello, opened, reset } from "../xds/raw-http2.ts";
import { type Replica, type ReplicaOptions, startReplica } from "../xds/replica.ts";

const mebibyte = 1024 * 1024;

let authority: Authority;
let keys: ClientKeys;
before(async () => {
  authority = await createAuthority();
  keys = await createClientKeys(authority, web);
});

const start = (options: ReplicaOptions = {}): Promise<Replica> =>
  startReplica(authority, new OneView(viewOf(clusters({ a: 1 }))), options);

/** Another client is served as if nothing had happened. */
async function servesOthers(replica: Replica): Promise<void> {
  using client = new DiscoveryClient(
    replica.port,
    await createClientKeys(authority, { ...web, serviceAccount: "other" }),
  );
  using stream = client.delta();
  stream.send({ node: { id: nodeId("another-1") }, typeUrl: typeUrls.cluster });
  assert.equal((await stream.next()).resources.length, 1);
}

async function untilRefused(replica: Replica, reason: RefusalReason): Promise<void> {
  await until(reason, () => replica.refusals.includes(reason), { show: () => replica.refusals.join() });
}

async function openTcp(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** How much more memory is used after something, in MiB. Buffers are outside of the heap. */
async function grownBy(act: () => Promise<void>): Promise<number> {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / mebibyte;
  };
  const before = used();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, used());
  }, 5);
  await act().finally(() => clearInterval(watch));
  return peak - before;
}

describe("xds-hostile: row 17, frames and streams", () => {
  test("a message of 100 MB ends its call before it is read", async () => {
    await using replica = await start();
    const session = await openHttp2(replica.port, keys);
    const call = openCall(session);
    const ended = statusOf(call);
    call.write(framed(new Uint8Array(1), { claimedLength: 100 * mebibyte }));
    assert.equal(await ended, status.RESOURCE_EXHAUSTED);
    assert.deepEqual(replica.refusals, ["MessageTooLarge"]);
    session.destroy();
    await servesOthers(replica);
  });

  test("a message that would decompress to 200 MB ends its call, and is not decompressed", async () => {
    await using replica = await start();
    const bomb = framed(gzipSync(Buffer.alloc(200 * mebibyte)), { isCompressed: true });
    const session = await openHttp2(replica.port, keys);
    const grown = await grownBy(async () => {
      const call = openCall(session, { "grpc-encoding": "gzip" });
      const ended = statusOf(call);
      call.write(bomb);
      assert.equal(await ended, status.UNIMPLEMENTED);
    });
    assert.ok(grown < 20, `memory grew by ${grown} MiB`);
    assert.deepEqual(replica.refusals, ["Compressed"]);
    session.destroy();
    await servesOthers(replica);
  });

  test("a client without a certificate is refused before it says anything", async () => {
    await using replica = await start();
    const session = await openHttp2(replica.port, { roots: keys.roots });
    const call = openCall(session);
    assert.equal(await statusOf(call), status.UNAUTHENTICATED);
    session.destroy();
    assert.deepEqual(replica.refusals, ["NoIdentity"]);
  });

  test("many large requests that never end are cut off when they take too much together", async () => {
    await using replica = await start({ connectionLimits: { unfinishedBytes: 8 * mebibyte } });
    const sessions = await Promise.all(Array.from({ length: 5 }, () => openHttp2(replica.port, keys)));
    for (const session of sessions)
      openCall(session).write(framed(Buffer.alloc(2 * mebibyte), { claimedLength: 3 * mebibyte }));
    await untilRefused(replica, "TooMuchUnfinished");
    await until("enough are cut off", () => replica.connections.size <= 4);
    await servesOthers(replica);
    for (const session of sessions) session.destroy();
  });

  test("slow clients are cut off wherever they stop", async () => {
    const limits = { handshakeMs: 300, idleMs: 300 };
    await using replica = await start({ connectionLimits: limits, streamLimits: { firstRequestMs: 300 } });
    const tcp = await openTcp(replica.port);
    await untilRefused(replica, "HandshakeFailed");
    const tls = await openTls(replica.port, keys);
    await untilRefused(replica, "SilentConnection");
    const session = await openHttp2(replica.port, keys);
    const call = openCall(session);
    await untilRefused(replica, "SilentStream");
    const half = openCall(session);
    half.write(request({ typeUrl: typeUrls.cluster }).subarray(0, 10));
    await until(
      "half a request is no request",
      () => replica.refusals.filter((r) => r === "SilentStream").length === 2,
    );
    for (const end of [tcp, tls, session, call, half]) end.destroy();
    await until("nothing of them is left", () => replica.connections.size === 0);
    await servesOthers(replica);
  });

  test("a client that reads nothing is cut off", async () => {
    const large = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`${n}-${"x".repeat(900)}`, 1]));
    const source = new OneView(viewOf(clusters({ ...large, a: 1 })));
    await using replica = await startReplica(authority, source, { streamLimits: { readingMs: 500 } });
    const session = await openHttp2(replica.port, keys);
    openCall(session).write(request({ node: { id: nodeId() }, typeUrl: typeUrls.cluster }));
    await untilRefused(replica, "NotReading");
    await until("its connection is closed", () => replica.connections.size === 0);
    assert.equal(replica.table.size, 0);
    session.destroy();
  });

  test("a hundred thousand calls on one connection are refused but for a few, within bounded memory", async () => {
    await using replica = await start();
    const socket = await openTls(replica.port, keys);
    const calls = Buffer.concat(Array.from({ length: 100_000 }, (_, call) => opened(call)));
    const grown = await grownBy(async () => {
      socket.write(hello);
      await flood(socket, calls);
      await servesOthers(replica);
    });
    // What a call costs in memory is known by then: 100,000 of them would be hundreds of MiB.
    assert.ok(grown < 60, `memory grew by ${grown} MiB`);
    socket.destroy();
    await until("nothing of it is left", () => replica.connections.size === 0);
  });

  test("calls that are opened and reset without end are cut off", async () => {
    await using replica = await start();
    const socket = await openTls(replica.port, keys);
    socket.write(hello);
    await flood(
      socket,
      Buffer.concat(Array.from({ length: 50_000 }, (_, call) => Buffer.concat([opened(call), reset(call)]))),
    );
    await until("it is cut off", () => replica.connections.size === 0);
    await servesOthers(replica);
  });

  test("calls that are no discovery are refused, with and without a certificate", async () => {
    await using replica = await start();
    for (const own of [keys, { roots: keys.roots }]) {
      const session = await openHttp2(replica.port, own);
      for (const headers of [{ ":method": "GET" }, { "content-type": "text/plain" }, { ":path": "/nothing/There" }]) {
        const call = openCall(session, headers);
        call.end();
        assert.notEqual(await statusOf(call), status.OK);
      }
      session.destroy();
    }
    assert.equal(replica.table.size, 0);
    await servesOthers(replica);
  });

  test("calls that are reset at any moment disturb nobody", async () => {
    await using replica = await start();
    const session = await openHttp2(replica.port, keys);
    for (let call = 0; call < 200; call++) {
      const stream = openCall(session);
      stream.write(request({ node: { id: nodeId(`web-${call}`) }, typeUrl: typeUrls.cluster }));
      if (call % 4 > 0) await new Promise(setImmediate);
      if (call % 4 > 1) await once(stream, call % 4 === 2 ? "response" : "data");
      stream.close(8);
    }
    await until("nothing of them is left", () => replica.table.size === 0);
    await servesOthers(replica);
    session.destroy();
  });

  test("headers that never end are cut off", async () => {
    await using replica = await start();
    const socket = await openTls(replica.port, keys);
    socket.write(hello);
    socket.write(beginning(0));
    await flood(socket, Buffer.concat(Array.from({ length: 50_000 }, () => continued(0))));
    await until("it is cut off", () => replica.connections.size === 0);
    await servesOthers(replica);
  });

  test("connections above the limits of an address or an identity are closed, and there is room again when they end", async () => {
    const connectionLimits = {
      total: 5,
      handshakesPerAddress: 2,
      newcomers: 9,
      newcomersPerAddress: 1,
      perIdentity: 2,
    };
    await using replica = await start({ connectionLimits });
    /** Opens one more than there may be. */
    const overfill = async (count: number, open: () => Promise<Socket>, reason: RefusalReason): Promise<void> => {
      const sockets: Socket[] = [];
      for (let n = 0; n <= count; n++) sockets.push(await open());
      await untilRefused(replica, reason);
      for (const socket of sockets) socket.destroy();
      await until("they are gone", () => replica.connections.size === 0);
      await servesOthers(replica);
    };
    await overfill(2, () => openTcp(replica.port), "TooManyHandshakesOfAddress");
    await overfill(1, () => openTls(replica.port, { roots: keys.roots }), "TooManyNewcomersOfAddress");
    await overfill(2, () => openTls(replica.port, keys), "TooManyConnectionsOfIdentity");
  });

  test("connections above the limit of all are closed, and there is room again when others end", async () => {
    await using replica = await start({ connectionLimits: { total: 2 } });
    const sockets = [await openTls(replica.port, keys), await openTls(replica.port, keys), await openTcp(replica.port)];
    await untilRefused(replica, "TooManyConnections");
    for (const socket of sockets) socket.destroy();
    await until("they are gone", () => replica.connections.size === 0);
    await servesOthers(replica);
  });

  test("a connection moves to another replica when it is old", async () => {
    await using replica = await start({ connectionLimits: { maxAgeMs: 200 } });
    const session = await openHttp2(replica.port, keys);
    openCall(session).write(request({ node: { id: nodeId() }, typeUrl: typeUrls.cluster }));
    const [code] = (await once(session, "goaway")) as [number];
    assert.equal(code, 0);
    session.destroy();
  });
});

/** Writes as much as the other side takes, until it has taken everything or closes. */
async function flood(socket: TLSSocket, bytes: Buffer): Promise<void> {
  socket.resume();
  const closed = once(socket, "close");
  const written = new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  await Promise.race([written, closed]);
}
