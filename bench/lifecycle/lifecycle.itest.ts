import assert from "node:assert/strict";
import { test } from "node:test";
import { fillTo } from "./fill.ts";
import { measureReconciles } from "./measure.ts";
import { startLifecycleSite } from "./site.ts";

test("a reconcile of a settled mesh with five revisions lists nothing and writes nothing", async () => {
  await using site = await startLifecycleSite();
  assert.equal(site.revisions.length, 5);
  await fillTo(site, { namespaces: 10, pods: 50 });
  await measureReconciles(site, 3);
  const { cpuMs, lists, writes } = await measureReconciles(site, 3);
  assert.deepEqual({ lists, writes }, { lists: 0, writes: 0 });
  assert.ok(cpuMs > 0);
});
