import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Asked, mergeReadings } from "./merge.ts";
import { reading, web } from "./testdata/lines.ts";

const told = (over: Parameters<typeof reading>[0]): Asked => ({ kind: "told", reading: reading(over) });
const silent: Asked = { kind: "silent", detail: 'replica "meshd-2": no answer' };
const of = (version: string, proxies: number): ReadonlyMap<string, number> => new Map([[version, proxies]]);
const rejection = (resource: string, message = "no") => ({ resource, message, objects: [web] });

describe("a fleet", () => {
  test("is the sum of what its replicas told", () => {
    const merged = mergeReadings(
      [
        told({ connected: 3, settledByVersion: of("v1.1.0", 2), byVersion: of("v1.1.0", 3), stale: 1 }),
        told({ connected: 4, settledByVersion: of("v1.1.0", 3), byVersion: of("v1.1.0", 4), rejecting: 1 }),
      ],
      "v1.1.0",
    );
    const versions = [{ version: "v1.1.0", proxies: 7 }];
    const sum = { kind: "known", connected: 7, onTarget: 5, stale: 1, rejecting: 1, versions, rejections: [] };
    assert.deepEqual(merged, sum);
  });

  test("has only proxies of the wanted version on target", () => {
    const merged = mergeReadings(
      [
        told({ connected: 3, settledByVersion: of("v1.1.0", 3) }),
        told({ connected: 4, settledByVersion: of("v1.1.0", 4), version: "v1.0.0" }),
        told({ connected: 2, settledByVersion: of("v1.0.0", 2), byVersion: of("v1.0.0", 2) }),
        told({ connected: 1, settledByVersion: of("", 1) }),
      ],
      "v1.1.0",
    );
    assert.equal(merged.kind === "known" && merged.onTarget, 4);
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
