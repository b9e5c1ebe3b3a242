import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import type { GrpcProbeRoute } from "@meshwright/contract/probe-route";
import { freePort } from "@meshwright/testing/free-port";
import { type HealthAnswer, startHealth } from "./testdata/health.ts";
import { echoPath, host, listen, startControlPlane, startReady } from "./testdata/sidecar.ts";

describe("a grpc probe", () => {
  const readyz = "/app-health/api/readyz";
  const grpc = (port: number, service = ""): GrpcProbeRoute => ({
    kind: "grpc",
    path: readyz,
    port,
    service,
    timeoutSeconds: 1,
  });

  for (const service of ["", "shop.Orders", "s".repeat(127), "s".repeat(128), "s".repeat(1024)])
    test(`asks for a service of ${service.length} characters, and sees at once what its health is`, async () => {
      await using app = await startHealth({ [service]: "serving" });
      await using controlPlane = await startControlPlane(host);
      await using sidecar = await startReady(controlPlane.port, [grpc(app.port, service)]);
      assert.equal(await sidecar.get("agent", readyz), "200 ");
      app.services[service] = "notServing";
      assert.equal(await sidecar.get("agent", readyz), "503 ");
      app.services[service] = "serving";
      assert.equal(await sidecar.get("agent", readyz), "200 ");
    });

  const failures: Record<string, HealthAnswer> = {
    "has no such service": "notFound",
    "is not known": "unknown",
    "does not answer in time": "nothing",
  };
  for (const [name, answer] of Object.entries(failures))
    test(`fails when the application ${name}`, async () => {
      await using app = await startHealth({ "": answer });
      await using controlPlane = await startControlPlane(host);
      await using sidecar = await startReady(controlPlane.port, [grpc(app.port)]);
      assert.match(await sidecar.get("agent", readyz), /^50[34]/);
    });

  test("fails when nothing listens, and when what listens speaks no HTTP/2", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    const other = { ...grpc(await freePort()), path: "/app-health/api/livez" };
    await using sidecar = await startReady(controlPlane.port, [grpc(port), other]);
    for (const { path } of [grpc(port), other]) assert.match(await sidecar.get("agent", path), /^503/);
    assert.match(await sidecar.get("agent", "/app-health/api/startupz"), /^404/);
  });
});
