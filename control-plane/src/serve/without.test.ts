import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { without } from "./without.ts";

test("what is left of a list are the names that are not among the others, in their order", () => {
  const names = fc.array(fc.constantFrom(..."abcdefgh".split("")));
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(..."abcdefghij".split(""))), names, (list, others) => {
      const expected = list.filter((name) => !others.includes(name));
      assert.deepEqual(without(list, others), expected);
      const inOrder = list.filter((name) => others.includes(name));
      assert.deepEqual(without(list, inOrder), expected);
    }),
  );
});
