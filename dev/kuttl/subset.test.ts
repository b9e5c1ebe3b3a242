import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { firstDifference } from "./subset.ts";

describe("an expectation", () => {
  const cases: Record<string, { expected: unknown; actual: unknown; path: string | undefined }> = {
    "holds for an equal object": { expected: { a: 1 }, actual: { a: 1 }, path: undefined },
    "holds whatever other fields there are": {
      expected: { a: { b: 1 } },
      actual: { a: { b: 1, c: 2 } },
      path: undefined,
    },
    "does not hold where a field is missing": { expected: { a: { b: 1 } }, actual: { a: {} }, path: "a.b" },
    "does not hold where a value differs": { expected: { a: [{ b: 1 }] }, actual: { a: [{ b: 2 }] }, path: "a[0].b" },
    "does not hold where a type differs": { expected: { a: "1" }, actual: { a: 1 }, path: "a" },
    "matches items of a list as subsets": { expected: [{ a: 1 }], actual: [{ a: 1, b: 2 }], path: undefined },
    "does not hold for a longer list": { expected: { a: [1] }, actual: { a: [1, 2] }, path: "a" },
    "does not hold for a list in another order": { expected: [1, 2], actual: [2, 1], path: "[0]" },
    "wants an empty object to be there": { expected: { a: {} }, actual: {}, path: "a" },
    "tells null from missing": { expected: { a: null }, actual: {}, path: "a" },
    "does not mistake an inherited field for one that is there": {
      expected: { toString: 1 },
      actual: {},
      path: "toString",
    },
  };
  for (const [name, { expected, actual, path }] of Object.entries(cases)) {
    test(name, () => assert.equal(firstDifference(expected, actual)?.path, path));
  }
});

test("a difference shows both values", () => {
  assert.deepEqual(firstDifference({ phase: "Ready" }, { phase: "Stalled" }), {
    path: "phase",
    expected: '"Ready"',
    actual: '"Stalled"',
  });
});
