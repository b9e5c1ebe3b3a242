import { median } from "../../median.ts";

/** How long changes took to reach proxies, in milliseconds from the moment when the write was sent to the API server. */
export interface Latency {
  readonly changes: number;
  /** Over all changes and proxies. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Until the last proxy had a change: the median over the changes. */
  readonly lastMs: number;
  /** Until the API server had answered the write: the median. Part of every other figure. */
  readonly writeMs: number;
}

/** One change: how long until the API server answered and until each proxy had it. */
export interface Change {
  readonly writeMs: number;
  readonly tookMs: readonly number[];
}

export function summarizeChanges(changes: readonly Change[]): Latency {
  const all = changes.flatMap(({ tookMs }) => tookMs);
  return {
    changes: changes.length,
    p50Ms: percentile(all, 0.5),
    p99Ms: percentile(all, 0.99),
    lastMs: median(changes.map(({ tookMs }) => maximum(tookMs))),
    writeMs: median(changes.map(({ writeMs }) => writeMs)),
  };
}

/** Returns the smallest value that is not below the given part of all of them; NaN of nothing. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** The arguments of a function are limited in number. */
export function maximum(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
