import { Counter, Histogram, type Registry } from "prom-client";
import type { Outcome } from "./inject/inject.ts";

/** What the webhook counts. */
export interface InjectionMetrics {
  /** Counts a review and what became of its pod; `failed` is one that was not answered with a review. */
  reviewed(outcome: Outcome["kind"] | "failed", seconds: number): void;
}

/** An API server gives up after ten seconds. */
const buckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Registers the webhook's metrics under Istio's names, so that its dashboards keep working. */
export function registerInjectionMetrics(registry: Registry): InjectionMetrics {
  const registers = [registry];
  const counter = (what: string, help: string): Counter =>
    new Counter({ name: `sidecar_injection_${what}_total`, help, registers });
  const requests = counter("requests", "Pods that the API server asked about.");
  const successes = counter("success", "Pods that were given a sidecar.");
  const skips = counter("skip", "Pods that need or can have no sidecar.");
  const failures = counter("failure", "Pods that were refused, and requests that could not be read.");
  const durations = new Histogram({
    name: "sidecar_injection_time_seconds",
    help: "How long the answer took, in seconds.",
    buckets,
    registers,
  });
  const counters = { injected: successes, skipped: skips, refused: failures, failed: failures };
  return {
    reviewed: (outcome, seconds) => {
      requests.inc();
      counters[outcome].inc();
      durations.observe(seconds);
    },
  };
}
