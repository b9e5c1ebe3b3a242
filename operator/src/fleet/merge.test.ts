import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Asked, mergeReadings } from "./merge.ts";
import { reading, web } from "./testdata/lines.ts";

const told = (over: Parameters<typeof reading>[0]): Asked => ({ kind: "told", reading: reading(over) });
const silent: Asked = { kind: "silent", detail: 'replica "meshd-2": no answer' };
const rejection = (resource: string, message = "no") => ({ resource, message, objects: [web] });

describe("a fleet", () => {
  test("is the sum of what its replicas told", () => {
    const merged = mergeReadings(
      [told({ connected: 3, settled: 2, stale: 1 }), told({ connected: 4, settled: 3, rejecting: 1 })],
      "v1.1.0",
    );
    assert.deepEqual(merged, { kind: "known", connected: 7, onTarget: 5, stale: 1, rejecting: 1, rejections: [] });
  });

  test("has only proxies of the wanted version on target", () => {
    const merged = mergeReadings(
      [told({ connected: 3, settled: 3 }), told({ connected: 4, settled: 4, version: "v1.0.0" })],
      "v1.1.0",
    );
    assert.equal(merged.kind === "known" && merged.onTarget, 3);
  });

  test("is unknown as soon as one replica is silent, and never smaller", () => {
    const rejections = [rejection("a")];
    assert.deepEqual(mergeReadings([told({ connected: 3, rejections }), silent], "v1.1.0"), {
      kind: "unknown",
      detail: 'replica "meshd-2": no answer',
      rejections,
    });
  });

  test("is unasked without replicas", () => assert.deepEqual(mergeReadings([], "v1.1.0"), { kind: "unasked" }));

  test("has the same rejection once, whichever replica is asked first", () => {
    const one = told({ rejections: [rejection("b"), rejection("a", "first")] });
    const other = told({ rejections: [rejection("a", "second")] });
    const merged = mergeReadings([one, other], "v1.1.0");
    assert.deepEqual(merged, mergeReadings([other, one], "v1.1.0"));
    assert.deepEqual(merged.kind === "known" && merged.rejections, [rejection("a", "first"), rejection("b")]);
  });
});
