import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Cell, planCells } from "./plan.ts";

const options = {
  contenders: ["meshwright", "istio"],
  services: [500, 1250],
  proxies: [100, 300],
  curveServices: [125, 500],
  curveProxies: [300, 1000],
  stages: ["changes", "churn"],
} as const;

const sizes = (cells: readonly Cell[]) => cells.map(({ services, proxies }) => `${services}/${proxies}`);

describe("the plan of the benchmark", () => {
  const cells = planCells(options);

  test("compares all contenders at the same sizes, and lets only ours grow further", () => {
    const of = (name: string) => sizes(cells.filter(({ contender }) => contender === name));
    assert.deepEqual(of("istio"), ["500/100", "500/300", "1250/100", "1250/300"]);
    assert.deepEqual(of("meshwright"), ["125/300", "500/100", "500/300", "500/1000", "1250/100", "1250/300"]);
  });

  test("never needs a smaller mesh than the one before", () => {
    const order = cells.map(({ services }) => services);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  });

  test("has churn once for each contender, at the most proxies that are compared", () => {
    assert.deepEqual(sizes(cells.filter(({ stages }) => stages.includes("churn"))), ["500/300", "500/300"]);
  });

  test("has the quick istiod where there is churn, and nowhere else", () => {
    const quick = planCells({ ...options, contenders: ["meshwright", "istio-quick"] });
    assert.deepEqual(sizes(quick.filter(({ contender }) => contender === "istio-quick")), ["500/300"]);
    const without = planCells({ ...options, contenders: ["istio-quick"], stages: ["changes"] });
    assert.deepEqual(without, []);
  });

  test("has no stage that was not asked for", () => {
    const only = planCells({ ...options, stages: ["churn"] });
    assert.ok(only.every(({ stages }) => !stages.includes("changes")));
  });
});
