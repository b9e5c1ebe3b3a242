import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mergeResults, notPassed, type ShardResult } from "./report.ts";

const result = (shard: string, commit: string, how: ShardResult["result"]): ShardResult => ({
  shard,
  commit,
  durationSeconds: 1,
  result: how,
});

describe("a report", () => {
  const report = [result("a", "1", "passed"), result("b", "1", "failed"), result("old", "1", "passed")];

  test("says what is to be run again: what failed, and what was never run", () => {
    assert.deepEqual(notPassed(["a", "b", "new"], report), ["b", "new"]);
    assert.deepEqual(notPassed(["a"], []), ["a"]);
  });

  test("takes new results in the place of old ones, each with its commit", () => {
    const merged = mergeResults(["a", "b", "new"], report, [result("new", "2", "failed"), result("b", "2", "passed")]);
    assert.deepEqual(merged, [result("a", "1", "passed"), result("b", "2", "passed"), result("new", "2", "failed")]);
  });
});
