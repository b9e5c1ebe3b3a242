import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type LogFields, silentLogger } from "@meshwright/log/logger";
import { silentObserver } from "./observer.ts";
import { Refusals } from "./refusals.ts";

/** Refusals whose log and count are kept, at a time that is set. */
function kept() {
  const lines: LogFields[] = [];
  const clock = { nowMs: 0, counted: 0 };
  const log = { ...silentLogger, warn: (fields: LogFields) => void lines.push(fields) };
  const refused = (): void => {
    clock.counted++;
  };
  return { lines, clock, refusals: new Refusals({ ...silentObserver, refused }, log, () => clock.nowMs) };
}

describe("a refusal", () => {
  test("is logged with the peer, the reason and what was wrong, cut where it is long", () => {
    const { lines, refusals } = kept();
    refusals.report({ reason: "NoNode", message: "x".repeat(5_000) }, { peer: "198.18.0.1:5" });
    assert.deepEqual(lines, [{ peer: "198.18.0.1:5", reason: "NoNode", detail: "x".repeat(1024), unlogged: 0 }]);
  });

  test("is counted always, and logged as often as somebody could read it, each reason apart", () => {
    const { lines, clock, refusals } = kept();
    for (let n = 0; n < 1_000; n++) refusals.report({ reason: "NoIdentity", message: "" }, {});
    refusals.report({ reason: "NoNode", message: "" }, {});
    assert.equal(clock.counted, 1_001);
    assert.equal(lines.length, 21);
    clock.nowMs = 2_000;
    refusals.report({ reason: "NoIdentity", message: "" }, {});
    assert.equal(lines.at(-1)?.["unlogged"], 980);
  });
});
