import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { createRegistry } from "@meshwright/metrics/registry";
import { inject } from "./inject/inject.ts";
import { registerInjectionMetrics } from "./injection-metrics.ts";
import { review, startTestWebhook } from "./testdata/test-webhook.ts";

test("every review is counted once, by what became of its pod", async () => {
  const registry = createRegistry();
  const settings = { mesh: defaultMeshConfig("default", "proxy:1"), nativeSidecars: true };
  await using webhook = await startTestWebhook({
    inject: (pod, name) => inject(pod, { name, labels: { "istio-injection": "enabled" } }, settings),
    metrics: registerInjectionMetrics(registry),
  });
  const spec = { containers: [{ name: "web" }] };
  await webhook.post(review({ metadata: { name: "web" }, spec }));
  await webhook.post(review({ metadata: { name: "web" }, spec: { ...spec, hostNetwork: true } }));
  await webhook.post(review({ metadata: { annotations: { "sidecar.istio.io/logLevel": "loud" } }, spec }));
  await webhook.post("{");
  await webhook.ask({ path: "/ready" });
  const text = await registry.metrics();
  for (const line of [
    "sidecar_injection_requests_total 4",
    "sidecar_injection_success_total 1",
    "sidecar_injection_skip_total 1",
    "sidecar_injection_failure_total 2",
    "sidecar_injection_time_seconds_count 4",
  ])
    assert.ok(text.split("\n").includes(line), line);
});
