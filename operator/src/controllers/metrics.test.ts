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

test("proxies are counted by state, and not at all while they are unknown", async () => {
  const registry = createRegistry();
  const metrics = registerOperatorMetrics(registry, () => true);
  const known = {
    kind: "known",
    connected: 5,
    onTarget: 3,
    stale: 0,
    rejecting: 2,
    versions: [],
    rejections: [],
  } as const;
  const samples = async () =>
    (await registry.metrics()).split("\n").filter((line) => line.startsWith("meshwright_operator_proxies{"));
  metrics.fleetsSeen(new Map([["default", known]]));
  assert.deepEqual(await samples(), [
    'meshwright_operator_proxies{revision="default",state="connected"} 5',
    'meshwright_operator_proxies{revision="default",state="on_target"} 3',
    'meshwright_operator_proxies{revision="default",state="stale"} 0',
    'meshwright_operator_proxies{revision="default",state="rejecting"} 2',
  ]);
  metrics.fleetsSeen(new Map([["default", { kind: "unknown", detail: "silent", rejections: [] }]]));
  assert.deepEqual(await samples(), []);
});
