import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { pushStages } from "./push-stages.ts";

test("the stages of a push are in one histogram, whoever notes them down", async () => {
  const registry = new Registry();
  pushStages(registry)("translate", 2);
  pushStages(registry)("sent", 30);
  const text = await registry.metrics();
  assert.match(text, /^meshwright_push_stage_seconds_sum\{stage="translate"\} 0.002$/m);
  assert.match(text, /^meshwright_push_stage_seconds_bucket\{le="0.025",stage="sent"\} 0$/m);
  assert.match(text, /^meshwright_push_stage_seconds_bucket\{le="0.05",stage="sent"\} 1$/m);
});
