import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Registry } from "prom-client";
import { measureEventLoopLag } from "./event-loop-lag.ts";

test("a blocked event loop shows in the histogram", async () => {
  const registry = new Registry();
  const stop = new AbortController();
  measureEventLoopLag(registry, stop.signal);
  const untilMs = performance.now() + 400;
  while (performance.now() < untilMs);
  await sleep(1);
  stop.abort();
  const text = await registry.metrics();
  assert.match(text, /^meshwright_event_loop_lag_seconds_bucket\{le="0.1"\} 0$/m);
  assert.match(text, /^meshwright_event_loop_lag_seconds_count 1$/m);
});
