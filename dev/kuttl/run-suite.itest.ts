import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import type { ResourceType } from "@meshwright/kube/types";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { createCluster } from "./cluster.ts";
import { loadSuite } from "./load-suite.ts";
import { type CaseResult, runSuite } from "./run-suite.ts";

const configMaps: ResourceType = {
  group: "",
  version: "v1",
  plural: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
};

describe("a suite on a real API server", () => {
  const root = mkdtempSync(join(tmpdir(), "kuttl-suite-"));
  let server: ApiServer;
  let client: KubeClient;

  before(async () => {
    server = await startApiServer();
    client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "kuttl-itest" });
  });
  after(async () => {
    await server.stop();
    rmSync(root, { recursive: true });
  });

  /** Runs one test in namespace default, which this server without controllers could not delete. */
  async function run(name: string, files: Readonly<Record<string, string>>): Promise<CaseResult | undefined> {
    const dir = join(root, name);
    mkdirSync(join(dir, "case"), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, "case", file), text);
    const config = join(root, `${name}.yaml`);
    const head = "apiVersion: kuttl.dev/v1beta1\nkind: TestSuite\nnamespace: default\ntimeout: 2\n";
    writeFileSync(config, `${head}testDirs: ["${dir}"]\n`);
    const [result] = await runSuite(loadSuite(config), createCluster(client), server.kubeconfig);
    return result;
  }

  const configMap = (name: string, rest = ""): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {set: "${name}"}}\n${rest}`;
  const step = (rest: string): string => `apiVersion: kuttl.dev/v1beta1\nkind: TestStep\n${rest}`;

  test("applies, merges, asserts by name and by label, deletes, and leaves nothing", async () => {
    const result = await run("passes", {
      "00-create.yaml": configMap("a", "data: {x: '1', y: '2'}"),
      "00-assert.yaml": configMap("a", "data: {x: '1'}"),
      "01-merge.yaml": configMap("a", "data: {x: '3'}"),
      "01-assert.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {set: a}}\ndata: {x: '3', y: '2'}\n",
      "01-errors.yaml": configMap("a", "data: {x: '1'}"),
      "02-delete.yaml": step("delete: [{apiVersion: v1, kind: ConfigMap, name: a}]"),
      "02-errors.yaml": configMap("a"),
      "03-other.yaml": `${configMap("b")}\n---\n${step("commands: [{script: 'test $NAMESPACE = default'}]")}`,
    });
    assert.deepEqual(result?.failures, []);
    assert.equal(await client.get(configMaps, { namespace: "default", name: "b" }), undefined);
  });

  test("shows where an object is not as asserted", async () => {
    const result = await run("fails", {
      "00-create.yaml": configMap("c", "data: {x: '1'}"),
      "00-assert.yaml": configMap("c", "data: {x: '2'}"),
    });
    assert.match(result?.failures.join("\n") ?? "", /ConfigMap "c": data\.x is "1", expected "2"/);
  });

  test("fails on a kind that the server does not have", async () => {
    const result = await run("unknown", { "00-create.yaml": "apiVersion: v1\nkind: Nothing\nmetadata: {name: a}" });
    assert.match(result?.failures.join("\n") ?? "", /cannot find kind "Nothing"/);
  });
});
