import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import type { KubeClient } from "./client.ts";
import { type Credentials, loadConnection } from "./connection.ts";
import { createKubeClient } from "./kube-client.ts";
import { configMaps, namespaces, pods, tokenReviews, typed } from "./resource-types.ts";
import type { KubeObject } from "./types.ts";

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const configMapType = typed<ConfigMap>(configMaps);
const fieldManager = "kube-client-test";

function configMap(name: string, data: Readonly<Record<string, string>>, namespace = "default"): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

describe("the client, against a real API server", () => {
  let server: ApiServer;
  let client: KubeClient;
  before(async () => {
    server = await startApiServer();
    client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "meshwright-test" });
  });
  after(() => server.stop());

  test("creates, reads and replaces an object, and refuses a stale replacement", async () => {
    const created = await client.create(configMapType, configMap("life", { a: "1" }));
    const updated = await client.update(configMapType, { ...created, data: { a: "2" } });
    assert.deepEqual((await client.get(configMapType, created.metadata))?.data, { a: "2" });
    assert.notEqual(updated.metadata.resourceVersion, created.metadata.resourceVersion);
    await assert.rejects(client.update(configMapType, created), { reason: "Conflict" });
    await assert.rejects(client.create(configMapType, configMap("life", {})), { reason: "AlreadyExists" });
  });

  test("applies only its own fields, takes others over only by force, and is idempotent", async () => {
    await client.apply(configMapType, configMap("shared", { theirs: "1" }), { fieldManager: "somebody" });
    await client.apply(configMapType, configMap("shared", { ours: "1" }), { fieldManager });
    const seized = configMap("shared", { ours: "1", theirs: "2" });
    await assert.rejects(client.apply(configMapType, seized, { fieldManager }), { reason: "Conflict" });
    const first = await client.apply(configMapType, seized, { fieldManager, force: true });
    const second = await client.apply(configMapType, seized, { fieldManager, force: true });
    assert.deepEqual(first.data, { ours: "1", theirs: "2" });
    assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
  });

  test("a dry run stores nothing", async () => {
    const options = { fieldManager, dryRun: true };
    assert.deepEqual((await client.apply(configMapType, configMap("dry", { a: "1" }), options)).data, { a: "1" });
    assert.equal(await client.get(configMapType, { namespace: "default", name: "dry" }), undefined);
  });

  test("writes status apart from spec", async () => {
    const name = "with-status";
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" } };
    const containers = [{ name: "app", image: "app" }];
    await client.apply(typed(pods), { ...pod, spec: { containers } } as KubeObject, { fieldManager });
    const status = { ...pod, status: { reason: "Tested" } } as KubeObject;
    const written = await client.apply(typed(pods), status, { fieldManager: "status", subresource: "status" });
    assert.equal("status" in written && JSON.stringify(written.status).includes("Tested"), true);
  });

  test("merges a patch, in which null removes a field", async () => {
    const { metadata } = await client.create(configMapType, configMap("patched", { a: "1", b: "2" }));
    const patched = await client.patch(configMapType, metadata, { data: { a: null, c: "3" } });
    assert.deepEqual(patched.data, { b: "2", c: "3" });
  });

  test("deletes only the incarnation that was meant, and does not mind one that is gone", async () => {
    const { metadata } = await client.create(configMapType, configMap("doomed", {}));
    const other = { uid: "00000000-0000-0000-0000-000000000000" };
    await assert.rejects(client.delete(configMapType, metadata, other), { reason: "Conflict" });
    await client.delete(configMapType, metadata, { uid: metadata.uid ?? "", propagationPolicy: "Background" });
    await client.delete(configMapType, metadata);
    assert.equal(await client.get(configMapType, metadata), undefined);
  });

  test("lists more objects than fit on a page, of one namespace and by label", async () => {
    const namespace = "crowd";
    await client.apply(
      namespaces,
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { fieldManager },
    );
    const names = Array.from({ length: 1_203 }, (_, index) => `item-${String(index).padStart(4, "0")}`);
    for (const batch of batches(names, 50)) {
      await Promise.all(batch.map((name) => client.create(configMapType, labelled(name, namespace))));
    }
    const { items } = await client.list(configMapType, { namespace });
    assert.deepEqual(
      items.map((item) => item.metadata.name),
      names,
    );
    assert.deepEqual(
      items.filter((item) => item.kind !== "ConfigMap" || item.apiVersion !== "v1"),
      [],
    );
    const odd = await client.list(configMapType, { namespace, labelSelector: "parity=odd", limit: 100 });
    assert.equal(odd.items.length, 601);
  });

  test("creates objects that have no name", async () => {
    interface TokenReview extends KubeObject {
      readonly spec: { readonly token: string };
      readonly status?: { readonly authenticated?: boolean };
    }
    const review = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      metadata: {},
      spec: { token: "forged" },
    };
    const { status } = await client.create(typed<TokenReview>(tokenReviews), review);
    assert.notEqual(status?.authenticated, true);
  });

  test("says what an API server says about an invalid object", async () => {
    const invalid = configMap("Not A Name", {});
    const message = /^cannot create ConfigMap "default\/Not A Name": .*Invalid value: "Not A Name"/;
    await assert.rejects(client.create(configMapType, invalid), { reason: "Invalid", message });
  });

  test("is refused without credentials", async () => {
    const admin = loadConnection(server.kubeconfig);
    const credentials = async (): Promise<Credentials> => ({ ...(await admin.credentials()), headers: {} });
    const anonymous = { server: admin.server, credentials };
    const stranger = createKubeClient({ connection: anonymous, userAgent: "meshwright-test" });
    await assert.rejects(stranger.list(namespaces), { reason: "Forbidden" });
  });

  test("works again after a restart of the server, over connections that it had kept", async () => {
    await client.list(namespaces);
    await server.kill();
    await assert.rejects(client.list(namespaces), { reason: "Unavailable" });
    await server.restart();
    assert.ok((await client.list(namespaces)).items.length > 0);
  });
});

function labelled(name: string, namespace: string): ConfigMap {
  const parity = Number(name.slice(-4)) % 2 === 1 ? "odd" : "even";
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels: { parity } } };
}

function batches<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
