import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ask } from "@meshwright/bench/serve/ask.ts";
import { connectAll } from "@meshwright/bench/serve/crowd.ts";
import { forkServer } from "@meshwright/bench/serve/fork-server.ts";
import type { Measured } from "@meshwright/bench/serve/server.ts";
import { servingCertificate } from "@meshwright/control-plane/serve/testdata/tls-server";
import { createClientKeys } from "@meshwright/testing/client-keys";
import { createAuthority } from "@meshwright/testing/volume";
import { web } from "../xds/mesh.ts";

const mebibyte = 1024 * 1024;

describe("xds-hostile: row 21, a storm of proxies that connect again", () => {
  test("a thousand at once are all configured, within bounded memory and without holding up the event loop", async (t) => {
    const authority = await createAuthority();
    const keys = await createClientKeys(authority, web);
    const file = fileURLToPath(import.meta.resolve("@meshwright/bench/serve/server.ts"));
    const server = forkServer(file);
    t.after(() => server.kill());
    const services = 200;
    const certificate = await servingCertificate(authority);
    const { port } = await ask<{ port: number }>(server, { kind: "start", certificate, services });
    const before = await ask<Measured>(server, { kind: "measure" });
    const proxies = await connectAll({ port, keys, services, proxies: 1_000 });
    t.after(() => proxies.forEach((proxy) => proxy[Symbol.dispose]()));
    const storm = await ask<Measured>(server, { kind: "measure" });
    const sentBytes = proxies.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
    const grownBytes = storm.peakRssBytes - before.rssBytes;
    t.diagnostic(`${sentBytes / mebibyte} MiB sent, memory grew by ${grownBytes / mebibyte} MiB at the peak`);
    t.diagnostic(`event loop late by ${storm.lagP99Ms} ms at p99, ${storm.lagMaxMs} ms at most`);
    // A connection takes some 200 KiB by itself, most of it for TLS and HTTP/2.
    assert.ok(sentBytes > 500 * mebibyte);
    assert.ok(grownBytes < 450 * mebibyte, `memory grew by ${grownBytes / mebibyte} MiB`);
    t.diagnostic(`its turns take ${storm.turns.p99Ms} CPU-ms at p99, ${storm.turns.maxMs} at most`);
    // Measured in CPU: what else the machine does makes the event loop late, and its turns no longer.
    assert.ok(storm.turns.p99Ms < 20, `${storm.turns.p99Ms} ms`);
  });
});
