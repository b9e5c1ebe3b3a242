import assert from "node:assert/strict";
import { test } from "node:test";
import { createRegistry } from "@meshwright/metrics/registry";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { refusalStatus } from "./refusal.ts";
import { registerServeMetrics } from "./serve-metrics.ts";

const node = { id: "n", cluster: "c", traits: { ipStack: "dual", capturesDns: false } } as const;
const sent = { sizeBytes: 2_000, queuedSeconds: 0.1, writeSeconds: 0.2, sinceChangeSeconds: 0.3 };

test("what is served is counted under Istio's names", async () => {
  const registry = createRegistry();
  const observer = registerServeMetrics(registry);
  const disconnected = observer.connected({ ...node, envoyVersion: "1.40.0" });
  observer.connected({ ...node, envoyVersion: "1.40.0" });
  observer.connected({ ...node, envoyVersion: "anything that a client says" });
  disconnected();
  observer.sent({ type: typeUrls.cluster, ...sent });
  observer.acknowledged(typeUrls.cluster, 0.4);
  observer.rejected(typeUrls.endpoint);
  observer.stale("type.googleapis.com/anything");
  observer.converged(0.5);
  observer.refused("NotReading");
  observer.failed();
  const lines = (await registry.metrics()).split("\n");
  for (const line of [
    'pilot_xds{version="1.40.0"} 1',
    'pilot_xds{version="unknown"} 1',
    'pilot_xds_pushes{type="cds"} 1',
    'pilot_xds_config_size_bytes_sum{type="cds"} 2000',
    "pilot_xds_send_time_sum 0.2",
    "pilot_proxy_queue_time_sum 0.1",
    'pilot_total_xds_rejects{type="eds"} 1',
    'pilot_xds_expired_nonce{type="other"} 1',
    "pilot_proxy_convergence_time_sum 0.5",
    'meshwright_push_stage_seconds_sum{stage="sent"} 0.3',
    'meshwright_push_stage_seconds_sum{stage="acknowledged"} 0.4',
    'meshwright_xds_refused_total{reason="NotReading"} 1',
    "pilot_xds_write_timeout 1",
    "pilot_total_xds_internal_errors 1",
  ])
    assert.ok(lines.includes(line), line);
});

test("every reason of a refusal is there before anybody was refused", async () => {
  const registry = createRegistry();
  registerServeMetrics(registry);
  const text = await registry.metrics();
  for (const reason of Object.keys(refusalStatus))
    assert.ok(text.includes(`meshwright_xds_refused_total{reason="${reason}"} 0`), reason);
});
