import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { freePort } from "@meshwright/testing/free-port";
import { KernelWithoutIpv6 } from "@meshwright/testing/kernel-without-ipv6";
import { echoPath, host, listen, probe, startControlPlane, startReady, startSidecar } from "./testdata/sidecar.ts";

describe("a sidecar with this bootstrap", () => {
  test("is ready when the control plane has answered over mTLS", async () => {
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startSidecar(controlPlane.port);
    await sidecar.envoy.untilReady();
    assert.equal(await sidecar.get("health", "/healthz/ready"), "200 LIVE");
  });

  test("accepts no connection before the control plane has answered, so kubelet finds it not ready", async () => {
    await using sidecar = await startSidecar(await freePort());
    await assert.rejects(sidecar.get("health", "/healthz/ready"), { message: "fetch failed" });
  });

  test("does not listen to a control plane of another name", async () => {
    await using controlPlane = await startControlPlane("meshd-other.mesh-system.svc");
    await using sidecar = await startSidecar(controlPlane.port);
    await assert.rejects(sidecar.envoy.untilReady(1_000));
    const stats = await sidecar.envoy.stats("cluster.xds-grpc.ssl.fail_verify_san");
    assert.ok((stats.get("cluster.xds-grpc.ssl.fail_verify_san") ?? 0) > 0);
  });

  test("shows its statistics, and no other page of the admin interface", async () => {
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port);
    for (const listener of ["stats", "agent"]) {
      assert.match(await sidecar.get(listener, "/stats/prometheus"), /^200 [^]*envoy_server_live/);
      assert.match(await sidecar.get(listener, "/quitquitquit"), /^404/);
      assert.match(await sidecar.get(listener, "/stats/prometheus/../../config_dump"), /^404/);
    }
  });
});

describe("the statistics of a sidecar", () => {
  test("tell the open connections of listeners, and not of their worker threads again", async () => {
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port);
    const names = [...(await sidecar.envoy.stats("^listener[.].*downstream_cx_active$")).keys()];
    // A listener goes by the address it was given: here all three were given the same.
    assert.deepEqual(names, ["listener.[__]_0.downstream_cx_active"]);
  });
});

describe("a sidecar's own ports", () => {
  test("are reached over IPv4 and IPv6 where the kernel has both", async () => {
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [], { nameservers: ["198.19.0.10", "2001:db8::10"] });
    for (const address of ["127.0.0.1", "[::1]"])
      assert.equal(await sidecar.get("health", "/healthz/ready", address), "200 LIVE");
    for (const listener of ["dns", "dns_ipv6"]) assert.ok((await sidecar.envoy.port(listener)) > 0);
  });

  test("need no IPv6 where the kernel has none, nor do probes and queries for names", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.1");
    using kernel = new KernelWithoutIpv6();
    await using controlPlane = await startControlPlane(host);
    const node = { stack: "ipv4", nameservers: ["198.19.0.10"], preload: kernel.library } as const;
    await using sidecar = await startReady(controlPlane.port, [probe({ port })], node);
    assert.equal(await sidecar.get("health", "/healthz/ready"), "200 LIVE");
    await assert.rejects(sidecar.get("health", "/healthz/ready", "[::1]"), { message: "fetch failed" });
    assert.match(await sidecar.get("agent", "/app-health/web/readyz"), /^200 /);
    assert.ok((await sidecar.envoy.port("dns")) > 0);
  });

  test("are asked for the application's health over IPv6 too", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "::1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port })]);
    assert.match(await sidecar.get("agent", "/app-health/web/readyz", "[::1]"), /^200 /);
  });
});
