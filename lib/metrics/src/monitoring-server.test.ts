import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Counter } from "prom-client";
import { type Readiness, startMonitoring } from "./monitoring-server.ts";
import { createRegistry, type Registry } from "./registry.ts";

async function serve(ready: () => Readiness, registry: Registry, use: (url: string) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const options = { port: 0, host: "127.0.0.1", ready, registry, version: "v1.1.0", signal: stop.signal };
  const server = await startMonitoring(options);
  await use(`http://127.0.0.1:${server.port}`);
  stop.abort();
  await server.done;
}

async function get(url: string): Promise<{ status: number; body: string }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.text() };
}

describe("the monitoring server", () => {
  test("serves metrics of the process and of its own", async () => {
    const registry = createRegistry();
    new Counter({ name: "proxies_total", help: "Proxies seen.", registers: [registry] }).inc(3);
    await serve(
      () => true,
      registry,
      async (url) => {
        const { status, body } = await get(`${url}/metrics`);
        assert.equal(status, 200);
        assert.match(body, /^proxies_total 3$/m);
        assert.match(body, /^process_resident_memory_bytes /m);
      },
    );
  });

  const cases: Record<string, { ready: Readiness; status: number; body: string }> = {
    "is ready when the process is": { ready: true, status: 200, body: "ok\n" },
    "says why the process is not ready": {
      ready: "Pod is not synced",
      status: 503,
      body: "not ready: Pod is not synced\n",
    },
    "is not ready without a reason too": { ready: false, status: 503, body: "not ready\n" },
  };
  for (const [name, { ready, status, body }] of Object.entries(cases)) {
    test(name, () =>
      serve(
        () => ready,
        createRegistry(),
        async (url) => {
          assert.deepEqual(await get(`${url}/ready`), { status, body });
          assert.deepEqual(await get(`${url}/live`), { status: 200, body: "ok\n" });
        },
      ),
    );
  }

  test("tells the version", () =>
    serve(
      () => true,
      createRegistry(),
      async (url) => assert.deepEqual(await get(`${url}/version`), { status: 200, body: "v1.1.0\n" }),
    ));

  test("tells nothing else", () =>
    serve(
      () => true,
      createRegistry(),
      async (url) => {
        for (const path of ["/", "/debug/syncz", "/fleet", "/metrics/x"])
          assert.equal((await get(`${url}${path}`)).status, 404, path);
      },
    ));

  test("answers 500 when a metric cannot be collected", async () => {
    const registry = createRegistry();
    registry.registerMetric(
      new Counter({
        name: "broken_total",
        help: "Fails.",
        registers: [],
        collect: () => {
          throw new Error("no such cgroup");
        },
      }),
    );
    await serve(
      () => true,
      registry,
      async (url) => assert.deepEqual(await get(`${url}/metrics`), { status: 500, body: "no such cgroup\n" }),
    );
  });

  test("refuses a port that is taken", async () => {
    await serve(
      () => true,
      createRegistry(),
      async (url) => {
        const { signal } = new AbortController();
        const options = {
          port: Number(new URL(url).port),
          host: "127.0.0.1",
          ready: () => true,
          registry: createRegistry(),
        };
        await assert.rejects(startMonitoring({ ...options, signal }), { code: "EADDRINUSE" });
      },
    );
  });
});
