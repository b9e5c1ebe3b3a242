import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Protocol } from "../client/client.ts";
import { openClient } from "../client/open-client.ts";
import { type EchoServer, startEcho } from "./echo-server.ts";

const host = "127.0.0.1";
const web = "spiffe://cluster.local/ns/shop/sa/web";
let echo: EchoServer;

before(async () => {
  const any = { http: 0, h2c: 0, grpc: 0, tcp: 0 };
  echo = await startEcho(host, any, { name: "echo-1", version: "v2" });
});
after(async () => await echo.close());

async function call(protocol: Protocol, url: string): Promise<Record<string, unknown>> {
  const headers = { "x-forwarded-client-cert": `Hash=a;URI=${web}`, "x-user": "ada" };
  const client = openClient(protocol, { url: new URL(url), headers, connections: 1 });
  try {
    const reply = await client.send(AbortSignal.timeout(5000));
    assert.equal(reply.replica, "echo-1");
    return JSON.parse(reply.body) as Record<string, unknown>;
  } finally {
    client.close();
  }
}

const http = (path: string): string => `http://${host}:${echo.ports.http}${path}`;

describe("the echo server reports the request, the caller's identity and its own replica", () => {
  test("over HTTP/1.1", async () => {
    const body = await call("http", http("/a?b=1"));
    assert.partialDeepStrictEqual(body, { replica: "echo-1", version: "v2", method: "GET", path: "/a?b=1" });
    assert.partialDeepStrictEqual(body, { protocol: "HTTP/1.1", peer: web, headers: { "x-user": "ada" } });
    assert.equal(body["localAddress"], `${host}:${echo.ports.http}`);
  });

  test("over HTTP/2 with prior knowledge", async () => {
    const body = await call("h2", `http://${host}:${echo.ports.h2c}/a`);
    assert.partialDeepStrictEqual(body, { protocol: "HTTP/2", peer: web, authority: `${host}:${echo.ports.h2c}` });
  });

  test("over gRPC", async () => {
    const body = await call("grpc", `http://${host}:${echo.ports.grpc}`);
    assert.partialDeepStrictEqual(body, {
      protocol: "gRPC",
      peer: web,
      message: "hello",
      headers: { "x-user": "ada" },
    });
  });

  test("over a WebSocket", async () => {
    const body = await call("ws", `ws://${host}:${echo.ports.http}/ws`);
    assert.partialDeepStrictEqual(body, { protocol: "WebSocket", peer: web, path: "/ws" });
  });

  test("over TCP, as far as lines go", async () => {
    const body = await call("tcp", `tcp://${host}:${echo.ports.tcp}`);
    assert.deepEqual(body, { replica: "echo-1", line: "echo-1 line-0" });
  });
});

describe("the echo server answers as it is asked to", () => {
  test("with a status", async () => assert.equal((await fetch(http("/?status=503"))).status, 503));
  test("without a body where there is none", async () => assert.equal((await fetch(http("/?status=204"))).status, 204));
  test("after a delay", async () => {
    const startedAt = performance.now();
    await fetch(http("/?delayMs=50"));
    assert.ok(performance.now() - startedAt >= 49);
  });
  test("with as many bytes", async () => {
    const { padding } = (await (await fetch(http("/?bytes=1000"))).json()) as { padding: string };
    assert.equal(padding.length, 1000);
  });
  test("with what is wrong about the query", async () => {
    const response = await fetch(http("/?status=9&delayMs=x"));
    assert.equal(response.status, 400);
    assert.match(await response.text(), /status is \\"9\\".*delayMs is \\"x\\"/);
  });
  test("with the size of the body that it got", async () => {
    const response = await fetch(http("/"), { method: "POST", body: "hello" });
    assert.partialDeepStrictEqual(await response.json(), { method: "POST", bodyBytes: 5 });
  });
  test("on /healthz", async () => assert.deepEqual(await (await fetch(http("/healthz"))).json(), { status: "ok" }));
  test("with a stream of events", async () => {
    const text = await (await fetch(http("/events?count=2&intervalMs=1"))).text();
    assert.equal(text.split("\n\n").filter((event) => event.includes("echo-1")).length, 2);
  });
});

test("a client that sends what no HTTP server understands ends only its own connection", async () => {
  await assert.rejects(call("h2", http("/")));
  await assert.rejects(call("http", `http://${host}:${echo.ports.h2c}/`));
  assert.equal((await fetch(http("/healthz"))).status, 200);
});
