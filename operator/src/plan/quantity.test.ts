import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { quantityValue, sameQuantity } from "./quantity.ts";

describe("a quantity", () => {
  const cases: Record<string, number> = {
    "1": 1,
    "100m": 0.1,
    "1Gi": 1_073_741_824,
    "1.5k": 1500,
    "2e3": 2000,
    "-1": -1,
  };
  for (const [text, want] of Object.entries(cases)) {
    test(`${text} is ${want}`, () => assert.equal(quantityValue(text), want));
  }

  test("is the same however it is written", () => {
    assert.ok(sameQuantity("1024Mi", "1Gi"));
    assert.ok(sameQuantity("1000m", "1"));
    assert.ok(!sameQuantity("1G", "1Gi"));
  });

  test("is not any other text", () => {
    for (const text of ["", "abc", "1X", "Ki", "."]) assert.ok(Number.isNaN(quantityValue(text)), text);
    assert.ok(!sameQuantity("abc", "abd"));
  });
});
