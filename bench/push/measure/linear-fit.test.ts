import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { slope } from "./linear-fit.ts";

describe("the slope of a curve", () => {
  test("is that of a line that rises, whatever lies beside it in equal measure", () => {
    const noise = [1, -1, -1, 1];
    const points = Array.from({ length: 40 }, (_, x) => ({ x, y: 3 * x + 7 + (noise[x % 4] ?? 0) }));
    assert.ok(Math.abs(slope(points) - 3) < 0.01);
  });

  test("is none of a single point and of nothing", () => {
    assert.deepEqual([slope([{ x: 1, y: 5 }]), slope([])], [0, 0]);
  });
});
