import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import { exceeded } from "./exceeded.ts";
import { defaultStreamLimits } from "./limits.ts";

const limits = { ...defaultStreamLimits, types: 2, namesPerType: 10, nameLength: 30 };
const type: TypeUrl = "type.googleapis.com/a";
const reasonOf = (types: readonly TypeUrl[], nameCount: number, longestName: number): string | undefined =>
  exceeded(new Map(types.map((each) => [each, { nameCount, longestName }])), { type }, limits)?.reason;

describe("a stream is refused", () => {
  test("not at its limits", () => {
    assert.equal(reasonOf([type, "type.googleapis.com/b"], 10, 30), undefined);
  });

  test("with too many types", () => {
    assert.equal(reasonOf([type, "type.googleapis.com/b", "type.googleapis.com/c"], 1, 1), "TooManyTypes");
  });

  test("with too many names of a type", () => {
    assert.equal(reasonOf([type], 11, 1), "TooManyNames");
  });

  test("with a name that is too long", () => {
    assert.equal(reasonOf([type], 1, 31), "NameTooLong");
  });
});
