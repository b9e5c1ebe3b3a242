import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseFleetLine } from "@meshwright/contract/fleet-lines";
import { ports } from "@meshwright/contract/ports";
import { controlPlaneHost } from "@meshwright/contract/volume";
import { services, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import { until } from "@meshwright/testing/until";
import { type Meshd, startMeshd } from "./testdata/meshd.ts";
import { metricsTable, readDeclarations } from "./testdata/metrics-table.ts";
import { askHttps, keysOf, type Reply } from "./testdata/test-server.ts";

const reference = fileURLToPath(new URL("../../../docs/reference/control-plane-metrics.md", import.meta.url));

describe("meshd, with a real API server", () => {
  let meshd: Meshd;
  before(async () => {
    meshd = await startMeshd();
  });
  after(() => meshd?.[Symbol.asyncDispose]());

  const monitoring = async (path: string, port: number = ports.monitoring): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`);
  const debug = (path: string, options: object = {}): Promise<Reply> =>
    askHttps({
      host: "127.0.0.1",
      port: ports.debug,
      servername: controlPlaneHost("default", "mesh-system"),
      ca: meshd.authority.rootsPem,
      path,
      ...options,
    });
  const withToken = (token: string, path: string): Promise<Reply> =>
    debug(path, { headers: { authorization: `Bearer ${token}` } });

  test("documents every metric of its processes", async () => {
    const scrape = async (port: number) => readDeclarations(await (await monitoring("/metrics", port)).text());
    const table = metricsTable({
      xds: await scrape(ports.monitoring),
      injector: await scrape(ports.injectorMonitoring),
    });
    const text = readFileSync(reference, "utf8");
    const [begin = "", , end = ""] = text.split(/(?<=<!-- metrics -->\n)|(?=<!-- end of metrics -->)/);
    const expected = `${begin}${table}${end}`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(reference, expected);
    else assert.equal(text, expected, `${reference} differs; review, then rerun with UPDATE_GOLDEN=1`);
  });

  test("counts Services and what becomes of them under Istio's names", async () => {
    const before = await metric("pilot_services");
    const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
    const metadata = { name: "web", namespace: "shop" };
    const service = { apiVersion: "v1", kind: "Service", metadata, spec };
    await meshd.client.create(typed<KubeObject & { spec: object }>(services), service);
    await until("one Service more", async () => (await metric("pilot_services")) === before + 1);
    assert.ok((await metric('pilot_k8s_reg_events{type="Services",event="add"}')) >= 1);
    assert.equal(await metric('istio_build{component="pilot",tag="v1.1.0"}'), 1);
  });

  async function metric(name: string): Promise<number> {
    const lines = (await (await monitoring("/metrics")).text()).split("\n");
    return Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? 0);
  }

  test("tells its version to everybody, and nothing of workloads, in plaintext", async () => {
    assert.equal(await (await monitoring("/version")).text(), "v1.1.0\n");
    for (const path of ["/fleet", "/debug/syncz", "/debug/config_dump"])
      assert.equal((await monitoring(path)).status, 404, path);
  });

  test("knows who asks from the API server, by tokens of its own audience and of Kubernetes'", async () => {
    for (const token of [meshd.token("shop", "--audience=meshwright-debug"), meshd.token("shop")]) {
      const { status, body } = await withToken(token, "/fleet");
      assert.equal(status, 200, body);
      assert.equal(parseFleetLine(body.split("\n")[0] ?? "").kind, "line");
    }
    assert.equal((await withToken(meshd.token("shop", "--audience=elsewhere"), "/fleet")).status, 401);
    assert.equal((await debug("/fleet")).status, 401);
  });

  test("shows a workload its own namespace, and everything to whom the API server lets see it", async () => {
    const [own, all] = [meshd.token("shop"), meshd.token("data")];
    assert.equal((await withToken(own, "/debug/registryz?namespace=default")).status, 403);
    assert.match((await withToken(own, "/debug/registryz")).body, /"web\.shop\./);
    assert.doesNotMatch((await withToken(own, "/debug/registryz")).body, /kubernetes\.default/);
    assert.match((await withToken(all, "/debug/registryz?namespace=shop")).body, /"web\.shop\./);
    assert.equal((await withToken(all, "/debug/registryz?namespace=default")).status, 200);
  });

  test("knows a workload by its certificate", async () => {
    const { status } = await debug("/debug/syncz", await keysOf(meshd.authority, "shop"));
    assert.equal(status, 200);
  });
});
