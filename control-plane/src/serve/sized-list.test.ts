import assert from "node:assert/strict";
import { test } from "node:test";
import { SizedList } from "./sized-list.ts";

test("a list holds what was added, however long it was expected to become", () => {
  for (const length of [0, 1, 31, 32, 33, 100]) {
    const expected = Array.from({ length }, (_, index) => index);
    for (const most of [length, 2 * length + 1]) {
      const list = new SizedList<number>(most);
      for (const item of expected) list.add(item);
      assert.equal(list.length, length);
      assert.deepEqual(list.done(), expected);
    }
  }
});
