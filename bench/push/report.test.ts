import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContenderName } from "./contender.ts";
import type { CellResult } from "./measure/cell.ts";
import type { Latency } from "./measure/latency.ts";
import { report } from "./report.ts";

const effort = { runs: 3, settleMs: 1_000, churnSeconds: 60, endpointPairs: 1, servicesAdded: 1, rolloutPods: 5 };
const machine = { processors: 2, model: "test" };

const latency = (p99Ms: number): Latency => ({ changes: 2, p50Ms: 5, p99Ms, lastMs: 20, writeMs: 3 });

function cell(contender: ContenderName, proxies: number, cpuSeconds: readonly number[], p99Ms: number): CellResult {
  const configuring = cpuSeconds.map((seconds) => ({
    cpuMs: seconds * 1_000,
    p50Ms: 100,
    lastMs: 200,
    beforeBytes: 50e6,
    peakBytes: 100e6,
    settledBytes: 80e6,
    bytesPerProxy: 1e6,
    retries: 0,
  }));
  const changes = { endpoint: latency(p99Ms), serviceAdded: latency(50), rollout: { ...latency(60), cpuMs: 400 } };
  return { contender, services: 500, proxies, stages: ["changes"], configuring, changes };
}

function churn(cpuMs: number): NonNullable<CellResult["churn"]> {
  const lags = { p50Ms: 50, p99Ms: 100, worstProxyP99Ms: 150 };
  const memory = { firstBytes: 80e6, peakBytes: 100e6, grownBytes: 5e6, grownInSecondHalfBytes: 1e6 };
  const proxies = 300;
  return {
    seconds: 60,
    changesPerSecond: 20,
    cpuMs,
    proxies,
    reached: 300_000,
    reachedInTime: 270_000,
    responses: 90_000,
    ...lags,
    ...memory,
  };
}

const lines = (cells: readonly CellResult[]): string[] => report({ machine, effort, cells }).split("\n");
const line = (cells: readonly CellResult[], begin: string) => lines(cells).find((each) => each.startsWith(begin));

const both = [
  cell("meshwright", 300, [2, 9, 1.9], 25),
  cell("istio", 300, [10, 10, 10], 140),
  cell("istio-raised", 300, [9, 9, 9], 130),
];

describe("the table of the benchmark", () => {
  test("has medians, the ratio to each istiod, and whether the target is met by the one that makes it the hardest", () => {
    const want = "| CPU to configure 300 proxies, s | 2 | 10 | 9 | 0.2 | 0.222 | <= 1/5 | not met |";
    assert.equal(line(both, "| CPU to configure 300"), want);
  });

  test("writes a target that is no even part as a number", () => {
    const want = "| endpoint change, p99, ms | 25 | 140 | 130 | 0.179 | 0.192 | <= 0.217 | met |";
    assert.equal(line(both, "| endpoint change, p99"), want);
  });

  test("compares a target that is a time with ours alone", () => {
    const cells = both.map((each) => ({ ...each, churn: churn(600) }));
    const want = "| churn: p99 of the slowest proxy, ms | 150 | 150 | 150 | 1 | 1 | <= 200 | met |";
    assert.equal(line(cells, "| churn: p99 of"), want);
  });

  test("judges the cost of churn by the istiods of the usual debounce, and that of each change by the quick one", () => {
    const churned = (name: ContenderName, cpuMs: number): CellResult => ({
      ...cell(name, 300, [1], 1),
      churn: churn(cpuMs),
    });
    const cells = [churned("meshwright", 600), churned("istio", 900), churned("istio-quick", 3_000)];
    const wanted = "| churn: CPU, % of a core | 1 | 1.5 | 5 | 0.667 | 0.2 | <= 1/3 | not met |";
    assert.equal(line(cells, "| churn: CPU, %"), wanted);
    const each = "| churn: CPU for each change at each proxy, µs | 2 | 3 | 10 | 0.667 | 0.2 | <= 1/3 | met |";
    assert.equal(line(cells, "| churn: CPU for each"), each);
    assert.match(line(cells, "| churn: changes that") ?? "", /\| 75 \| 75 \| 75 \|/);
    assert.match(line(cells, "| churn: responses") ?? "", /\| 5 \| 5 \| 5 \|/);
  });

  test("leaves out what was not measured", () => {
    assert.equal(line(both, "| churn"), undefined);
  });

  test("tells of ours alone at more proxies than are compared, among its curves only", () => {
    const cells = [...both, cell("meshwright", 1000, [5], 90)];
    assert.equal(line(cells, "| CPU to configure 1000"), undefined);
    assert.match(line(cells, "| 500, 1000 ") ?? "", /\| 5 \|.*\| 90 \|/);
  });

  test("tells everything of ours where it was measured alone", () => {
    const [ours] = both;
    assert.match(line(ours === undefined ? [] : [ours], "| CPU to configure 300") ?? "", /\| 2 \| <= 1\/5 \| {2}\|/);
  });

  test("says how it was measured", () => {
    assert.equal(lines(both)[0], "push: median of 3 runs, churn of 60 s, 2 processors (test)");
  });
});
