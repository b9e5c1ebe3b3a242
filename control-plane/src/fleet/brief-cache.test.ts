import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BriefCache } from "./brief-cache.ts";

describe("a brief cache", () => {
  test("forgets a result when its time is over", () => {
    let now = 0;
    const cache = new BriefCache<string>(10, () => now);
    cache.set("a", "yes", 100);
    now = 99;
    assert.equal(cache.get("a"), "yes");
    now = 100;
    assert.equal(cache.get("a"), undefined);
    assert.equal(cache.size, 0);
  });

  test("never holds more than it may: the oldest goes", () => {
    const cache = new BriefCache<number>(2, () => 0);
    for (const [index, key] of ["a", "b", "a", "c"].entries()) cache.set(key, index, 100);
    assert.deepEqual([cache.get("a"), cache.get("b"), cache.get("c")], [2, undefined, 3]);
    assert.equal(cache.size, 2);
  });
});
