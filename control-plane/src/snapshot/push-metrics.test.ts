import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import { Registry } from "prom-client";
import { registerPushMetrics } from "./push-metrics.ts";
import { Snapshot } from "./snapshot.ts";
import { ManualTimers } from "./testdata/manual-timers.ts";
import { service, settings } from "./testdata/mesh.ts";

test("what is translated, encoded and waited for is counted", async () => {
  const registry = new Registry();
  const timers = new ManualTimers();
  const snapshot = new Snapshot(timers, registerPushMetrics(registry, silentLogger));
  snapshot.start({ settings, trustBundle: "roots" });
  const resources = async (type: string): Promise<number> => {
    const { values } = (await registry.getSingleMetric("meshwright_translated_resources_total")?.get()) ?? {
      values: [],
    };
    return values.find(({ labels }) => labels["type"] === type)?.value ?? 0;
  };
  const [clusters, endpoints] = [await resources("cds"), await resources("eds")];
  snapshot.setService("shop/web", service("web"));
  timers.passTo(1000);
  snapshot.setService("shop/db", service("db", "tcp", 5432));
  snapshot.setService("shop/log", service("log", "tcp", 514));
  timers.passTo(2000);
  assert.equal((await resources("cds")) - clusters, 3);
  assert.equal((await resources("eds")) - endpoints, 3);
  const text = await registry.metrics();
  assert.match(text, /^meshwright_encoded_bytes_total\{type="cds"\} [1-9]\d+$/m);
  assert.match(text, /^pilot_debounce_time_count 2$/m);
  for (const stage of ["event", "model", "translate", "encode"])
    assert.match(text, new RegExp(`^meshwright_push_stage_seconds_count\\{stage="${stage}"\\} 2$`, "m"));
});

test("what cannot be derived is counted, and nothing is thrown", async () => {
  const registry = new Registry();
  registerPushMetrics(registry, silentLogger).failed(new Error("cannot derive"));
  assert.match(await registry.metrics(), /^meshwright_translation_failures_total 1$/m);
});
