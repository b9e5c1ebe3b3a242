import assert from "node:assert/strict";
import { test } from "node:test";
import { createRegistry } from "@meshwright/metrics/registry";
import { registerOperatorMetrics } from "./metrics.ts";

test("the metrics tell leadership as it is at the scrape, and reconciles by result", async () => {
  const registry = createRegistry();
  let leads = false;
  const metrics = registerOperatorMetrics(registry, () => leads);
  metrics.reconciled("success", 0.02);
  metrics.reconciled("error", 2);
  leads = true;
  const text = await registry.metrics();
  assert.match(text, /meshwright_operator_leader 1/);
  assert.match(text, /meshwright_operator_reconciles_total\{result="error"\} 1/);
  assert.match(text, /meshwright_operator_reconcile_duration_seconds_count 2/);
});
