import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { issueServing } from "@meshwright/pki/serving";
import { freePort } from "@meshwright/testing/free-port";
import { createAuthority } from "@meshwright/testing/volume";
import { echoPath, host, hourFor, listen, probe, startControlPlane, startReady } from "./testdata/sidecar.ts";

describe("an application's probe", () => {
  test("reaches the path it names on the address at which kubelet asked, with nothing added", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.2");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port, targetPath: "/ready?full=1" })]);
    const answer = await sidecar.get("agent", "/app-health/web/readyz", "127.0.0.2");
    assert.match(answer, /^200 \/ready\?full=1 /);
    assert.doesNotMatch(answer, /original-dst|x-envoy/);
  });

  test("fails for an application on loopback only, as it would without a sidecar", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port })]);
    assert.match(await sidecar.get("agent", "/app-health/web/readyz", "127.0.0.2"), /^503/);
  });

  test("over HTTPS does not verify the application's certificate, as kubelet does not", async () => {
    const { certificatePem, keyPem } = await issueServing(await createAuthority(), hourFor("nobody"));
    await using app = createTlsServer({ cert: certificatePem, key: keyPem }, echoPath);
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port, scheme: "HTTPS" })]);
    assert.match(await sidecar.get("agent", "/app-health/web/readyz"), /^200 \/ready /);
  });

  test("of a hook at the start waits until the application listens, and no other probe does", async () => {
    const port = await freePort();
    const hook = probe({ port, path: "/app-lifecycle/web/poststartz" });
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [hook, probe({ port })]);
    const called = sidecar.get("agent", hook.path);
    assert.match(await sidecar.get("agent", "/app-health/web/readyz"), /^503/);
    await using app = createServer(echoPath);
    app.listen(port, "127.0.0.1");
    assert.match(await called, /^200 \/ready /);
  });

  test("follows the redirects of the application, and tells what it found there", async () => {
    const answers: Readonly<Record<string, [number, string?]>> = {
      "/ready": [302, "/login"],
      "/login": [307, "/login/"],
      "/login/": [200],
      "/live": [301, "gone"],
      "/gone": [500],
      "/loop": [302, "/loop"],
      "/here": [303, "http://127.0.0.1:8080/login/?x#y"],
      "/login/?x": [200],
      "/away": [302, "http://shop.example/"],
      "/secure": [302, "/away-secure"],
      "/away-secure": [302, "https://127.0.0.1/"],
    };
    await using app = createServer((request, response) => {
      const [status, location] = answers[request.url ?? ""] ?? [404];
      response.writeHead(status, location === undefined ? {} : { location }).end(`${request.url} ${request.method}`);
    });
    const port = await listen(app, "127.0.0.1");
    const probes = ["/ready", "/live", "/loop", "/here", "/away", "/secure"].map((targetPath) =>
      probe({ port, targetPath, path: `/app-health${targetPath}/readyz` }),
    );
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, probes);
    const agentPort = await sidecar.envoy.port("agent");
    const found = async (name: string): Promise<string> => {
      const asked = request({ port: agentPort, path: `/app-health/${name}/readyz`, host: "127.0.0.1" }).end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      response.resume();
      return `${response.statusCode} ${response.headers.location ?? ""}`;
    };
    assert.equal(await found("ready"), "200 ");
    assert.equal(await found("live"), "500 ");
    assert.equal(await found("loop"), "508 ");
    assert.equal(await found("here"), "200 ");
    assert.equal(await found("away"), "302 http://shop.example/");
    assert.equal(await found("secure"), "302 https://127.0.0.1/");
  });

  test("lets nobody reach another path or port of the application", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port })]);
    const port15020 = await sidecar.envoy.port("agent");
    const headers = { "x-envoy-original-dst-host": "127.0.0.1:1", "x-envoy-original-path": "/secrets" };
    for (const [path, wanted] of [
      ["/secrets", "404 "],
      ["/app-health/web/readyz/../../secrets", "404 "],
      ["/app-health/web/readyz", "200 /ready"],
    ] as const) {
      const sent = request({ host: "127.0.0.1", port: port15020, path, headers }).end();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      const [asked] = (await text(response)).split(" ");
      assert.equal(`${response.statusCode} ${asked}`, wanted);
    }
  });

  test("keeps the headers that kubelet sends for it, Host among them", async () => {
    await using app = createServer((request, response) =>
      response.end([request.headers.host, request.headers["x-key"]].join(" ")),
    );
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port })]);
    const headers = { host: "shop.example", "x-key": "1" };
    const sent = request({ port: await sidecar.envoy.port("agent"), path: "/app-health/web/readyz", headers }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    assert.equal(await text(response), "shop.example 1");
  });
});
