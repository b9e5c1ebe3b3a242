import { Histogram, type Registry } from "prom-client";

const intervalMs = 200;
const buckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Measures until the signal ends it how much later than asked for a timer fires, five times a second, into the histogram
 * `meshwright_event_loop_lag_seconds`: what every request of the process waits for on top of its own work.
 */
export function measureEventLoopLag(registry: Registry, signal: AbortSignal): void {
  const histogram = new Histogram({
    name: "meshwright_event_loop_lag_seconds",
    help: "How late timers fire, in seconds.",
    buckets,
    registers: [registry],
  });
  let startedMs = performance.now();
  const timer = setInterval(() => {
    histogram.observe(Math.max(0, performance.now() - startedMs - intervalMs) / 1000);
    startedMs = performance.now();
  }, intervalMs).unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
