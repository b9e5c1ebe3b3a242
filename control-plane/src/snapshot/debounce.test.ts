import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Debounce } from "./debounce.ts";
import { ManualTimers } from "./testdata/manual-timers.ts";

/** Times at which the task runs, for events at given times. */
function runs(events: readonly number[], untilMs = 10_000): readonly number[] {
  const timers = new ManualTimers();
  const ran: number[] = [];
  const debounce = new Debounce(() => ran.push(timers.now()), { minMs: 10, maxMs: 100, deadlineMs: 1000 }, timers);
  for (const ms of events) {
    timers.passTo(ms);
    debounce.trigger();
  }
  timers.passTo(untilMs);
  return ran;
}

describe("a debounce", () => {
  test("runs for the first event at once", () => assert.deepEqual(runs([500]), [500]));

  test("does not let later events hold up the first", () => {
    const timers = new ManualTimers();
    const ran: number[] = [];
    const debounce = new Debounce(() => ran.push(timers.now()), { minMs: 10, maxMs: 100, deadlineMs: 1000 }, timers);
    for (let event = 0; event < 3; event += 1) debounce.trigger();
    timers.passTo(1000);
    assert.deepEqual(ran, [0]);
  });

  test("gathers the events that follow soon", () => assert.deepEqual(runs([0, 1, 2, 3]), [0, 43]));

  test("runs at once again after a quiet time", () => assert.deepEqual(runs([0, 200, 400]), [0, 200, 400]));

  test("keeps running in a storm that does not end", () => {
    const storm = Array.from({ length: 400 }, (_, index) => index * 10);
    const ran = runs(storm);
    const waits = ran.map((ms, index) => ms - (ran[index - 1] ?? 0));
    assert.ok(Math.max(...waits) <= 1010, String(ran));
    assert.ok(ran.length < 10, String(ran));
    assert.ok((ran.at(-1) ?? 0) >= 3990);
  });

  test("forgets what is pending when it is stopped", () => {
    const timers = new ManualTimers();
    let count = 0;
    const debounce = new Debounce(() => (count += 1), { minMs: 10, maxMs: 100, deadlineMs: 1000 }, timers);
    debounce.trigger();
    debounce.stop();
    timers.passTo(1000);
    assert.equal(count, 0);
  });
});
