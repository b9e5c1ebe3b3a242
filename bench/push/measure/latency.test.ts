import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { percentile, summarizeChanges } from "./latency.ts";

const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe("the latency of changes", () => {
  test("has percentiles that are values which were measured", () => {
    assert.deepEqual(
      [percentile(oneToHundred, 0.5), percentile(oneToHundred, 0.99), percentile([7], 0.01)],
      [50, 99, 7],
    );
  });

  test("is told over all proxies, and of the last one over the changes", () => {
    const changes = [
      { writeMs: 1, tookMs: [10, 20] },
      { writeMs: 2, tookMs: [10, 40] },
      { writeMs: 9, tookMs: [10, 30] },
    ];
    assert.deepEqual(summarizeChanges(changes), { changes: 3, p50Ms: 10, p99Ms: 40, lastMs: 30, writeMs: 2 });
  });

  test("is endless where a proxy never heard of a change", () => {
    assert.equal(
      summarizeChanges([{ writeMs: 1, tookMs: [1, Number.POSITIVE_INFINITY] }]).lastMs,
      Number.POSITIVE_INFINITY,
    );
  });
});
