import type { Logger } from "@meshwright/log/logger";
import { pushStages } from "@meshwright/metrics/push-stages";
import { Counter, Histogram, type Registry } from "prom-client";
import type { PushObserver } from "./observer.ts";

/** Istio's, with a first one below: a change that comes alone waits for nobody. */
const debounceBuckets = [0.001, 0.01, 0.1, 1, 3, 5, 10, 20, 30];

/** Registers what is counted before a push is served; what cannot be derived is counted and logged. */
export function registerPushMetrics(registry: Registry, logger: Logger): PushObserver {
  const registers = [registry];
  const translated = new Counter({
    name: "meshwright_translated_resources_total",
    help: "Resources translated for proxies, by type.",
    labelNames: ["type"],
    registers,
  });
  const bytes = new Counter({
    name: "meshwright_encoded_bytes_total",
    help: "Bytes of the resources that were encoded, each once for all proxies that see it, by type.",
    labelNames: ["type"],
    registers,
  });
  const failures = new Counter({
    name: "meshwright_translation_failures_total",
    help: "Objects of which nothing could be derived; what was made of them before stays.",
    registers,
  });
  const debounced = new Histogram({
    name: "pilot_debounce_time",
    help: "How long the first event of a batch waits for others, in seconds.",
    buckets: debounceBuckets,
    registers,
  });
  const staged = pushStages(registry);
  return {
    encoded: (type, sizeBytes) => {
      translated.inc({ type });
      bytes.inc({ type }, sizeBytes);
    },
    staged: (stage, durationMs) => {
      const seconds = durationMs / 1000;
      if (stage === "event") debounced.observe(seconds);
      staged(stage, seconds);
    },
    failed: (error) => {
      failures.inc();
      logger.error({ error }, "cannot derive configuration, keeping what was there");
    },
  };
}
