import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { namespaces, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { parse } from "yaml";

const goldens = globSync("testdata/**/pod.yaml", { cwd: import.meta.dirname }).toSorted();
const namespace = "shop";

describe("an API server accepts every pod that was injected", () => {
  let server: ApiServer;
  let client: KubeClient;
  before(async () => {
    server = await startApiServer();
    client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "meshwright-test" });
    await client.create(typed<KubeObject>(namespaces), {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace },
    });
  });
  after(() => server.stop());

  const create = (pod: KubeObject): Promise<unknown> =>
    client.request({
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/pods`,
      query: { dryRun: "All", fieldValidation: "Strict" },
      body: { ...pod, metadata: { ...pod.metadata, namespace } },
    });

  test("there are such pods", () => assert.ok(goldens.length > 0));
  for (const file of goldens)
    test(dirname(file), async () => {
      await create(parse(readFileSync(join(import.meta.dirname, file), "utf8")) as KubeObject);
    });
});
