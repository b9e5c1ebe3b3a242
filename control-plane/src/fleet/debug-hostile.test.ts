import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:https";
import { connect as connectPlain } from "node:net";
import { after, before, describe, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { until } from "@meshwright/testing/until";
import { createAuthority } from "@meshwright/testing/volume";
import { endpoints } from "./endpoints.ts";
import { connectProxy } from "./testdata/connected.ts";
import { keysOf, startTestServer, type TestServer } from "./testdata/test-server.ts";

let server: TestServer;

before(async () => {
  server = await startTestServer();
  server.table.add(connectProxy("web-1", "shop").connected);
  server.table.add(connectProxy("db-1", "data").connected);
});
after(() => server[Symbol.asyncDispose]());

/** A connection on which to write what no HTTP client would. */
async function openRaw({ connection } = server): Promise<TLSSocket> {
  const socket = connect(connection);
  await once(socket, "secureConnect");
  return socket;
}

/** Everything that comes until the server closes. */
async function readAll(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => undefined); // a reset is an end too
  await once(socket, "close");
  return Buffer.concat(chunks).toString();
}

describe("debug-hostile: without authentication", () => {
  for (const { path } of endpoints) {
    test(`${path} says 401 and nothing else`, async () => {
      const { status, headers, body } = await server.ask(path);
      assert.equal(status, 401);
      assert.equal(headers["www-authenticate"], "Bearer");
      assert.deepEqual(Object.keys(JSON.parse(body)), ["reason", "message"]);
    });
  }

  test("a path that does not exist says 401 too", async () =>
    assert.equal((await server.ask("/debug/secrets")).status, 401));

  test("a certificate of another root is none", async () => {
    const keys = await keysOf(await createAuthority(), "shop");
    assert.equal((await server.ask("/fleet", { ...keys })).status, 401);
  });

  test("a token that the API server does not know is none", async () =>
    assert.equal((await server.as("forged", "/fleet")).status, 401));

  test("plaintext gets no answer", async () => {
    const socket = connectPlain(server.connection.port, "127.0.0.1");
    socket.on("error", () => undefined);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.write("GET /fleet HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(socket, "close");
    assert.doesNotMatch(Buffer.concat(chunks).toString(), /HTTP/);
  });
});

describe("debug-hostile: across namespaces", () => {
  const forbidden = [
    "/fleet?namespace=data",
    "/debug/syncz?namespace=data",
    "/debug/connections?namespace=data",
    "/debug/adsz?proxyID=db-1.data",
    "/debug/registryz?namespace=data",
    "/debug/endpointz?namespace=data",
    "/debug/configz?namespace=data",
    "/debug/config_dump?proxyID=db-1.data",
  ];
  for (const path of forbidden) {
    test(`${path} of a workload of shop says 403`, async () => {
      const { status, body } = await server.as("shop", path);
      assert.equal(status, 403);
      assert.doesNotMatch(body, /198\.18/);
    });
  }

  test("nobody learns which pods another namespace has", async () => {
    const there = await server.as("shop", "/debug/config_dump?proxyID=db-1.data");
    const notThere = await server.as("shop", "/debug/config_dump?proxyID=db-2.data");
    assert.deepEqual([there.status, there.body], [notThere.status, notThere.body]);
  });

  test("a query with several namespaces is about the first one", async () =>
    assert.equal((await server.as("shop", "/fleet?namespace=data&namespace=shop")).status, 403));

  test("a path in disguise is not there", async () => {
    for (const path of ["/debug/../fleet/", "/fleet%2f", "//fleet", "/FLEET", "/debug/syncz;x"])
      assert.notEqual((await server.as("shop", path)).status, 200, path);
  });
});

describe("debug-hostile: malformed requests", () => {
  const wrongIds = [
    "",
    "web-1",
    "web-1.shop.",
    "..",
    "web-1/shop",
    `${"a".repeat(300)}.shop`,
    "WEB-1.shop",
    "a%00.shop",
  ];
  for (const id of wrongIds) {
    test(`proxyID "${id.slice(0, 20)}" says 400`, async () =>
      assert.equal((await server.as("shop", `/debug/config_dump?proxyID=${id}`)).status, 400));
  }

  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]) {
    test(`${method} says 405`, async () => {
      const headers = { authorization: "Bearer operator" };
      const { status, headers: answered } = await server.ask("/fleet", { method, headers });
      assert.deepEqual([status, answered.allow], [405, "GET"]);
    });
  }

  test("a path of 10,000 characters says 414", async () =>
    assert.equal((await server.as("operator", `/fleet?${"x".repeat(10_000)}`)).status, 414));

  test("headers of more than 16 KiB say 431", async () => {
    const socket = await openRaw();
    socket.write(`GET /fleet HTTP/1.1\r\nhost: x\r\nx-pad: ${"x".repeat(20_000)}\r\n\r\n`);
    assert.match(await readAll(socket), /^HTTP\/1\.1 431 /);
  });

  test("what is no HTTP says 400", async () => {
    const socket = await openRaw();
    socket.write("\u0016\u0003 nonsense\r\n\r\n");
    assert.match(await readAll(socket), /^HTTP\/1\.1 400 /);
  });

  test("two requests smuggled into one are not answered twice", async () => {
    const socket = await openRaw();
    socket.write(
      "POST /fleet HTTP/1.1\r\nhost: x\r\ncontent-length: 40\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /fleet HTTP/1.1\r\n\r\n",
    );
    const answered = await readAll(socket);
    assert.equal(answered.match(/HTTP\/1\.1 /g)?.length ?? 0, 1);
  });
});

describe("debug-hostile: clients that take their time", () => {
  test("a request that never ends is closed", async () => {
    await using hasty = await startTestServer({ requestTimeoutMs: 200 });
    const socket = await openRaw(hasty);
    socket.write("GET /fleet HTTP/1.1\r\nhost: x\r\nx-slow: ");
    assert.match(await readAll(socket), /^HTTP\/1\.1 408 /);
  });

  test("a reader that does not read holds two answers of its own, and nobody else up", async () => {
    for (let index = 0; index < 20_000; index++) server.table.add(connectProxy(`web-${index}`, "shop").connected);
    const slow = await Promise.all([1, 2].map(() => openReader()));
    assert.equal((await server.as("shop", "/fleet")).status, 503);
    assert.equal((await server.as("operator", "/fleet")).status, 200);
    for (const response of slow) response.destroy();
    await until("the places are given back", async () => (await server.as("shop", "/fleet")).status === 200);
  });

  /** Asks for an answer larger than what the kernel takes, and reads none of it. */
  async function openReader() {
    const headers = { authorization: "Bearer shop" };
    const asked = request({ ...server.connection, path: "/fleet", headers, agent: false });
    asked.end();
    const [response] = await once(asked, "response");
    response.on("error", () => undefined);
    return response;
  }

  test("connections beyond sixteen of one address are closed", async () => {
    const sockets = Array.from({ length: 20 }, () => connect(server.connection));
    const closed: TLSSocket[] = [];
    for (const socket of sockets) {
      socket.on("error", () => undefined);
      socket.once("close", () => closed.push(socket));
    }
    await until("four are closed", () => closed.length >= 4);
    for (const socket of sockets) socket.destroy();
    await until("all are closed", () => closed.length === sockets.length);
    await until("others are served", async () => (await server.as("operator", "/debug/list")).status === 200);
  });
});
