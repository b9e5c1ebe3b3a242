import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Protocol } from "../client/client.ts";
import { type EchoServer, startEcho } from "../echo/echo-server.ts";
import { close, listen } from "../listen.ts";
import { type LoadSettings, startLoad } from "./load.ts";
import type { Summary } from "./tally.ts";

const host = "127.0.0.1";
const anyPort = { http: 0, h2c: 0, grpc: 0, tcp: 0 };
const forever = new AbortController().signal;
let one: EchoServer;
let two: EchoServer;

before(async () => {
  one = await startEcho(host, anyPort, { name: "echo-1", version: "v1" });
  two = await startEcho(host, anyPort, { name: "echo-2", version: "v1" });
});
after(async () => {
  await one.close();
  await two.close();
});

function settings(protocol: Protocol, urls: readonly [string, ...string[]]): LoadSettings {
  const [first, ...others] = urls;
  return {
    protocol,
    urls: [new URL(first), ...others.map((url) => new URL(url))],
    headers: {},
    connections: 2,
    isFresh: false,
    requestsPerSecond: 500,
    durationSeconds: 0.1,
    timeoutMs: 5000,
    report: undefined,
  };
}

const run = async (chosen: LoadSettings, signal = forever): Promise<Summary> =>
  await (await startLoad(chosen, signal)).finished;

describe("the load client", () => {
  const urls: Record<Protocol, () => string> = {
    http: () => `http://${host}:${one.ports.http}/`,
    h2: () => `http://${host}:${one.ports.h2c}/`,
    grpc: () => `http://${host}:${one.ports.grpc}`,
    tcp: () => `tcp://${host}:${one.ports.tcp}`,
    ws: () => `ws://${host}:${one.ports.http}/ws`,
  };
  for (const protocol of ["http", "h2", "grpc", "tcp", "ws"] as const) {
    test(`counts each request over ${protocol}`, async () => {
      const summary = await run(settings(protocol, [urls[protocol]()]));
      assert.partialDeepStrictEqual(summary, { sent: 50, ok: 50, failed: 0, byError: {}, replicas: { "echo-1": 50 } });
      assert.ok(summary.latencyMs.p50 > 0 && summary.latencyMs.p50 <= summary.latencyMs.max);
    });
  }

  for (const [protocol, server] of [
    ["http", createServer((_, response) => response.end())],
    ["tcp", createTcpServer((socket) => socket.once("data", (line) => socket.write(`server ${line.toString()}`)))],
  ] as const) {
    test(`takes a connection for each request over ${protocol} when it is told to`, async () => {
      const port = await listen(server, { host, port: 0 });
      let connections = 0;
      server.on("connection", () => connections++);
      const summary = await run({ ...settings(protocol, [`http://${host}:${port}/`]), isFresh: true });
      await close(server);
      assert.deepEqual([summary.ok, connections], [50, 50]);
    });
  }

  test("asks several URLs in turn", async () => {
    const { replicas } = await run(settings("http", [urls.http(), `http://${host}:${two.ports.http}/`]));
    assert.deepEqual(replicas, { "echo-1": 25, "echo-2": 25 });
  });

  test("counts answers that are errors as failed, by status", async () => {
    const summary = await run(settings("http", [`${urls.http()}?status=503`]));
    assert.partialDeepStrictEqual(summary, { sent: 50, ok: 0, failed: 50, byStatus: { "503": 50 } });
  });

  for (const protocol of ["http", "h2", "grpc", "tcp", "ws"] as const) {
    test(`counts connections that are refused over ${protocol}`, async () => {
      const free = createServer();
      const port = await listen(free, { host, port: 0 });
      await close(free);
      const summary = await run(settings(protocol, [`http://${host}:${port}/`]));
      assert.partialDeepStrictEqual(summary, { sent: 50, ok: 0, failed: 50 });
      const reason = protocol === "grpc" ? "UNAVAILABLE" : "ECONNREFUSED";
      assert.deepEqual(summary.byError, { [reason]: 50 });
    });
  }

  test("counts answers that do not come in time", async () => {
    const chosen = { ...settings("h2", [`http://${host}:${one.ports.h2c}/?delayMs=1000`]), timeoutMs: 20 };
    assert.deepEqual((await run(chosen)).byError, { Timeout: 50 });
  });

  test("keeps its rate while answers are slow", async () => {
    const chosen = { ...settings("http", [`${urls.http()}?delayMs=100`]), connections: 100 };
    const { sent, latencyMs } = await run(chosen);
    assert.equal(sent, 50);
    assert.ok(latencyMs.p50 >= 99);
  });

  test("ends at the signal, and waits for what it has sent", async () => {
    const stop = new AbortController();
    const chosen = { ...settings("http", [`${urls.http()}?delayMs=20`]), durationSeconds: Number.POSITIVE_INFINITY };
    const { finished } = await startLoad(chosen, stop.signal);
    stop.abort();
    const { sent, ok, failed } = await finished;
    assert.deepEqual([ok, failed], [sent, 0]);
  });

  test("serves its counts, and ends when told to", async () => {
    const report = { host, port: 0 };
    const endless = { ...settings("http", [urls.http()]), durationSeconds: Number.POSITIVE_INFINITY, report };
    const { reportPort, finished } = await startLoad(endless, forever);
    const counts = await (await fetch(`http://${host}:${reportPort}/report`)).json();
    assert.partialDeepStrictEqual(counts, { failed: 0 });
    const stopped = await (await fetch(`http://${host}:${reportPort}/stop`, { method: "POST" })).json();
    assert.deepEqual(stopped, await finished);
  });
});
