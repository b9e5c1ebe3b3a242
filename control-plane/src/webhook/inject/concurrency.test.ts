import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { concurrency } from "./concurrency.ts";

describe("worker threads follow the CPU limit", () => {
  const { proxy } = defaultMeshConfig("default", "proxy");
  const cases: Record<string, number | undefined> = {
    "2": 2,
    "2000m": 2,
    "1500m": 2,
    "0.1": 1,
    "100m": 1,
    "0": undefined,
  };
  for (const [cpu, want] of Object.entries(cases))
    test(`of ${cpu}`, () => assert.equal(concurrency({ ...proxy, resources: { limits: { cpu } } }), want));

  test("and are Envoy's own choice without one", () =>
    assert.equal(concurrency({ ...proxy, resources: {} }), undefined));
  test("unless the settings name a number", () => assert.equal(concurrency({ ...proxy, concurrency: 7 }), 7));
});
