import assert from "node:assert/strict";
import { test } from "node:test";
import { pushStages } from "./push-stages.ts";
import { createRegistry } from "./registry.ts";

test("the parts of the control plane share one histogram of stages", async () => {
  const registry = createRegistry();
  pushStages(registry)("model", 0.002);
  pushStages(registry)("sent", 0.02);
  const text = await registry.metrics();
  assert.match(text, /^meshwright_push_stage_seconds_count\{stage="model"\} 1$/m);
  assert.match(text, /^meshwright_push_stage_seconds_count\{stage="sent"\} 1$/m);
});
