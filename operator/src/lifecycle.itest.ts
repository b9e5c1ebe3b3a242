import assert from "node:assert/strict";
import type { Server } from "node:https";
import { after, before, describe, test } from "node:test";
import { pods, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import { meshRevisionType, namespaceType } from "./api/managed-types.ts";
import { Mesh } from "./testdata/mesh.ts";
import { serveWebhook } from "./testdata/serve-webhook.ts";
import { type Site, startSite } from "./testdata/site.ts";

let site: Site;
let mesh: Mesh;
let webhook: Server | undefined;

const [old, next] = ["default-v1-0-0", "default-v1-1-0"];
const injected = { name: "injected", namespace: "default" };

before(async () => {
  site = await startSite();
  mesh = new Mesh(site.client);
});

after(async () => {
  webhook?.close();
  await site?.stop();
});

/** A pod as a revision injected it; nothing ever starts it. */
async function createInjectedPod(revision: string): Promise<void> {
  const spec = { containers: [{ name: "app", image: "app" }] };
  const metadata = { ...injected, annotations: { "istio.io/rev": revision } };
  await site.client.create(typed<KubeObject & { readonly spec: object }>(pods), {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec,
  });
}

const inUse = async (name: string): Promise<string> => {
  const condition = (await mesh.revision(name))?.status?.conditions?.find(({ type }) => type === "InUse");
  return `${condition?.status} ${condition?.message}`;
};
const activeRevision = async (): Promise<string> => (await mesh.read("default")).status?.activeRevision ?? "";
const tagged = async (): Promise<string> => (await mesh.tag("prod"))?.status?.revision ?? "";

describe("a RevisionBased mesh", () => {
  test("has a revision that is named by its version, and remembers it", async () => {
    await mesh.install("default", {
      version: "v1.0-latest",
      updateStrategy: { type: "RevisionBased", inactiveRevisionDeletionGracePeriodSeconds: 1 },
    });
    await mesh.completeRollouts(old);
    webhook = await serveWebhook(site, old, next);
    await mesh.condition("default", "Ready", "Ready");
    assert.equal(await activeRevision(), old);
    assert.equal((await mesh.revision(old))?.spec.version, "v1.0.0");
    assert.deepEqual((await mesh.read("default")).status?.revisions, { total: 1, ready: 1, inUse: 0 });
  });

  test("gives a tag a webhook of its own, by which its revision is in use", async () => {
    await mesh.createTag("prod");
    await mesh.seen("the tag's revision", tagged, (revision) => revision === old);
    assert.equal(await mesh.exists("MutatingWebhookConfiguration", "meshwright-tag-prod"), true);
    await mesh.seen(
      "the revision in use",
      () => inUse(old),
      (told) => told === "True held by 1 tag",
    );
    const metadata = { name: "shop", labels: { "istio.io/rev": "prod" } };
    await site.client.create(namespaceType, { apiVersion: "v1", kind: "Namespace", metadata });
    await mesh.seen(
      "the namespace",
      () => inUse(old),
      (told) => told === "True held by 1 tag, 1 namespace",
    );
    await createInjectedPod(old);
    await mesh.seen(
      "the pod",
      () => inUse(old),
      (told) => told === "True held by 1 tag, 1 namespace, 1 pod",
    );
    const { blockers } = (await mesh.revision(old))?.status?.users ?? {};
    assert.deepEqual(blockers, ['MeshRevisionTag "prod"', 'Namespace "shop"', 'Pod "default/injected"']);
  });

  test("runs the next version beside it, and moves the tag only once that injects", async () => {
    await mesh.patchSpec("default", { version: "v1.1.0" });
    await mesh.seen(
      "the next revision",
      () => mesh.revision(next),
      (revision) => revision !== undefined,
    );
    await mesh.condition("default", "Ready", "NodeAgentNotReady");
    assert.equal(await tagged(), old);
    assert.equal(await activeRevision(), old);
    await mesh.completeRollouts(next);
    await mesh.condition("default", "Ready", "Ready");
    await mesh.seen("the tag at the next revision", tagged, (revision) => revision === next);
    assert.equal(await activeRevision(), next);
    await mesh.seen(
      "the old one's use",
      () => inUse(old),
      (told) => told === "True held by 1 pod",
    );
  });

  test("refuses a version that it cannot have, and goes on", async () => {
    await mesh.patchSpec("default", { version: "v9.9.9" });
    await mesh.condition("default", "Stalled", "UnknownVersion");
    await mesh.untilPutBack({ spec: { selector: { app: "other" } } }, "Service", `meshd-${next}`, "mesh-system");
    await mesh.patchSpec("default", { version: "v1.1.0" });
    await mesh.condition("default", "Ready", "Ready");
  });

  test("keeps a revision that a user deletes while it is used", async () => {
    await site.client.delete(typed(meshRevisionType), { name: next });
    const isDeleting = async () => (await mesh.revision(next))?.metadata.deletionTimestamp !== undefined;
    await mesh.seen("its deletion", isDeleting, (value) => value);
    await mesh.untilPutBack({ spec: { selector: { app: "other" } } }, "Service", `meshd-${next}`, "mesh-system");
    assert.equal(await mesh.exists("MutatingWebhookConfiguration", `meshwright-injector-${next}`), true);
  });

  test("takes the old revision apart when the last pod has left it", async () => {
    await site.client.delete(pods, injected, { gracePeriodSeconds: 0 });
    await mesh.seen(
      "its end",
      () => mesh.revision(old),
      (revision) => revision === undefined,
    );
    assert.equal(await mesh.exists("Deployment", `meshd-${old}`, "mesh-system"), false);
    assert.equal(await mesh.exists("MutatingWebhookConfiguration", `meshwright-injector-${old}`), false);
    const left = (await mesh.owned()).filter(({ metadata }) => metadata.labels?.["istio.io/rev"] === old);
    assert.deepEqual(left, []);
  });

  test("is uninstalled with all of its revisions", async () => {
    await mesh.uninstall("default");
    await mesh.untilGone("default");
    assert.equal(await mesh.revision(next), undefined);
    assert.deepEqual(await mesh.owned(), []);
  });
});
