import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TokenBucket } from "./token-bucket.ts";

describe("a rate of 10 a second with a burst of 3", () => {
  const bucket = () => new TokenBucket({ perSecond: 10, burst: 3 }, 0);

  test("lets a burst through, and then says how long to wait", () => {
    const limit = bucket();
    assert.deepEqual([limit.take(0), limit.take(0), limit.take(0), limit.take(0), limit.take(0)], [0, 0, 0, 100, 200]);
  });

  test("lets through what comes at the rate", () => {
    const limit = bucket();
    assert.ok(Array.from({ length: 100 }, (_, n) => limit.take(n * 100)).every((wait) => wait === 0));
  });

  test("saves no more than a burst", () => {
    const limit = bucket();
    assert.deepEqual(
      [1, 2, 3, 4].map(() => limit.take(60_000)),
      [0, 0, 0, 100],
    );
  });

  test("gives what there is, and none on credit", () => {
    const limit = bucket();
    assert.deepEqual(
      [0, 0, 0, 0, 99, 100, 100].map((nowMs) => limit.tryTake(nowMs)),
      [true, true, true, false, false, true, false],
    );
  });
});
