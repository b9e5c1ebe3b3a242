import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { inboundSource } from "@meshwright/contract/inbound-source";
import type { TcpProbeRoute } from "@meshwright/contract/probe-route";
import { freePort } from "@meshwright/testing/free-port";
import { host, listen, startControlPlane, startReady } from "./testdata/sidecar.ts";

describe("a tcpSocket probe", () => {
  const readyz = "/app-health/db/readyz";
  const tcp = (port: number): TcpProbeRoute => ({ kind: "tcp", path: readyz, port, timeoutSeconds: 1 });

  test("opens a connection and closes it, and sees at once that the application is gone or back", async () => {
    const port = await freePort();
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [tcp(port)]);
    assert.match(await sidecar.get("agent", readyz), /^503/);
    const closed = Promise.withResolvers<string | undefined>();
    await using app = createTcpServer((socket) => {
      const { remoteAddress } = socket;
      socket.resume().once("close", () => closed.resolve(remoteAddress));
    });
    app.listen(port, "127.0.0.1");
    await once(app, "listening");
    assert.equal(await sidecar.get("agent", readyz), "200 ");
    assert.equal(await closed.promise, inboundSource.ipv4);
    app.close();
    await once(app, "close");
    assert.match(await sidecar.get("agent", readyz), /^503/);
  });

  test("hands nothing of the application's to the caller, who has no certificate", async () => {
    await using app = createTcpServer((socket) => void socket.on("error", () => undefined).end("greeting"));
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [tcp(port)]);
    const caller = connect(await sidecar.envoy.port("agent"), "127.0.0.1");
    caller.write(`GET ${readyz} HTTP/1.1\r\nhost: web\r\nconnection: close\r\n\r\n`);
    const answer = await text(caller);
    assert.match(answer, /^HTTP\/1.1 200 OK\r\n/);
    assert.doesNotMatch(answer, /greeting/);
  });

  const evil: Record<string, { method: string; framing: string; status: number }> = {
    "a body of a known length": { method: "GET", framing: "content-length: 4\r\n\r\nevil", status: 400 },
    "a body in chunks": {
      method: "GET",
      framing: "transfer-encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n",
      status: 400,
    },
    "another method": { method: "POST", framing: "content-length: 4\r\n\r\nevil", status: 404 },
  };
  for (const [name, { method, framing, status: refusal }] of Object.entries(evil))
    test(`hands nothing of the caller's to the application: ${name}`, async () => {
      await using app = createTcpServer((socket) => void socket.end());
      const accepted = once(app, "connection");
      const port = await listen(app, "127.0.0.1");
      await using controlPlane = await startControlPlane(host);
      await using sidecar = await startReady(controlPlane.port, [tcp(port)]);
      const caller = connect(await sidecar.envoy.port("agent"), "127.0.0.1");
      caller.write(`${method} ${readyz} HTTP/1.1\r\nhost: web\r\nconnection: close\r\n${framing}`);
      assert.match(await text(caller), new RegExp(`^HTTP/1.1 ${refusal} `));
      assert.equal(await sidecar.get("agent", readyz), "200 ");
      const [first] = (await accepted) as [Socket];
      assert.equal(await text(first), "");
    });

  test("does not wait for an application that neither answers nor closes", async () => {
    await using app = createTcpServer({ allowHalfOpen: true }, (socket) => void socket.resume());
    const accepted = once(app, "connection");
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [tcp(port)]);
    assert.equal(await sidecar.get("agent", readyz), "200 ");
    // The answer may be there before this process has accepted the connection, which would then hold the server open.
    const [socket] = (await accepted) as [Socket];
    socket.destroy();
  });
});
