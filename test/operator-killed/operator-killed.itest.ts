import assert from "node:assert/strict";
import type { Server } from "node:https";
import { after, before, describe, test } from "node:test";
import { namespaces, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import { meshRevisionType } from "@meshwright/operator/api/managed-types";
import { Mesh } from "@meshwright/operator/testdata/mesh";
import { playControllers } from "@meshwright/operator/testdata/play-controllers";
import { serveWebhook } from "@meshwright/operator/testdata/serve-webhook";
import { startWatchedSite, type WatchedSite } from "@meshwright/operator/testdata/site";
import { stateOf } from "./state.ts";

/*
 * An upgrade by canary, again and again, whose operator is killed (SIGKILL) right before, and right after, each single write of
 * its plan. Another operator starts, and the mesh must become what it becomes without.
 */

let site: WatchedSite;
let mesh: Mesh;
let webhook: Server | undefined;
const end = new AbortController();
let controllers: Promise<void> | undefined;

const [old, next] = ["default-v1-0-0", "default-v1-1-0"];

before(async () => {
  site = await startWatchedSite();
  mesh = new Mesh(site.client);
  // A user's, which no uninstall deletes: nobody here would ever finish its deletion.
  await site.client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "mesh-system" } });
  const updateStrategy = { type: "RevisionBased", inactiveRevisionDeletionGracePeriodSeconds: 0 };
  await mesh.install("default", { version: "v1.0.0", updateStrategy });
  await mesh.seen("the certificate authority", () => mesh.exists("Secret", "meshwright-ca", "mesh-system"), Boolean);
  webhook = await serveWebhook(site, old, next);
  controllers = playControllers(site.client, "mesh-system", end.signal);
  await mesh.createTag("prod");
  await settled(old);
});

after(async () => {
  end.abort();
  await controllers?.catch(() => undefined);
  webhook?.close();
  await site?.stop();
});

/** Waits until the mesh is ready at a revision, its tag stands for it, and no other is left. */
async function settled(revision: string): Promise<void> {
  const read = async () => ({
    active: (await mesh.read("default")).status?.activeRevision,
    ready: (await mesh.read("default")).status?.conditions?.find(({ type }) => type === "Ready")?.status,
    tag: (await mesh.tag("prod"))?.status?.revision,
    revisions: (await site.client.list(typed<KubeObject>(meshRevisionType))).items.map(({ metadata }) => metadata.name),
  });
  const wanted = JSON.stringify({ active: revision, ready: "True", tag: revision, revisions: [revision] });
  await mesh.seen(`the mesh at ${revision}`, read, (found) => JSON.stringify(found) === wanted);
}

async function upgrade(): Promise<void> {
  await mesh.patchSpec("default", { version: "v1.1.0" });
  await settled(next);
}

async function goBack(): Promise<void> {
  site.interceptor.reset();
  // The older revision is gone: in a mesh without proxies a new beginning is the way back.
  await mesh.uninstall("default");
  await mesh.untilGone("default");
  const updateStrategy = { type: "RevisionBased", inactiveRevisionDeletionGracePeriodSeconds: 0 };
  webhook?.close();
  await mesh.install("default", { version: "v1.0.0", updateStrategy });
  await mesh.seen("the certificate authority", () => mesh.exists("Secret", "meshwright-ca", "mesh-system"), Boolean);
  webhook = await serveWebhook(site, old, next);
  await settled(old);
  site.interceptor.reset();
}

describe("an operator that is killed during an upgrade", () => {
  let writes: readonly string[] = [];
  let wanted = "";

  test("has a plan of many writes, and an end to reach", async () => {
    site.interceptor.reset();
    await upgrade();
    writes = [...site.interceptor.writes];
    wanted = await stateOf(site.client);
    assert.ok(writes.length >= 15, writes.join("\n"));
    assert.ok(
      writes.some((each) => each.includes("/daemonsets/")) && writes.some((each) => each.startsWith("DELETE ")),
    );
  });

  for (const moment of ["before", "after"] as const) {
    test(`comes to the same end when it is killed ${moment} any of them`, async () => {
      const reached: string[] = [];
      for (let number = 1; number <= writes.length; number++) {
        await goBack();
        const killed = Promise.withResolvers<string>();
        site.interceptor.reset({
          [moment]: async (write: { readonly what: string; readonly number: number }) => {
            if (write.number !== number) return true;
            await site.killOperator();
            killed.resolve(write.what);
            return false;
          },
        });
        await mesh.patchSpec("default", { version: "v1.1.0" });
        const what = await killed.promise;
        site.interceptor.reset();
        await site.startOperator();
        await settled(next);
        assert.equal(await stateOf(site.client), wanted, `killed ${moment} ${what}`);
        reached.push(what);
      }
      assert.equal(reached.length, writes.length);
    });
  }
});
