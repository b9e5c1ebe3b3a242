import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Pace } from "./pace.ts";
import { ManualTimers } from "./testdata/manual-timers.ts";

const options = { leastMs: 10, mostMs: 120, busyPart: 1 / 4 };

/** Times at which the task runs, for events at given times; each run keeps the event loop busy for a time. */
function runs(events: readonly number[], workMs: number, untilMs = 10_000): readonly number[] {
  const timers = new ManualTimers();
  const ran: number[] = [];
  const pace = new Pace(
    () => {
      ran.push(timers.now());
      timers.work(workMs);
    },
    options,
    timers,
  );
  for (const ms of events) {
    timers.passTo(ms);
    pace.trigger();
  }
  for (let ms = (events.at(-1) ?? 0) + 1; ms <= untilMs; ms++) timers.passTo(ms);
  return ran;
}

describe("the pace of a task", () => {
  test("lets the first event after a rest wait for nobody", () => {
    assert.deepEqual(runs([500, 700], 20), [500, 700]);
  });

  test("gathers what comes while it rests", () => {
    assert.deepEqual(runs([100, 101, 102, 103, 108], 0), [100, 110]);
    assert.deepEqual(runs([100, 101, 102, 150, 170], 20), [100, 180]);
  });

  test("rests for as long as makes the work a small part of the time, between its bounds", () => {
    const events = Array.from({ length: 200 }, (_, index) => index * 5);
    const restsAt = (workMs: number): number => {
      const ran = runs(events, workMs);
      return Math.max(...ran.slice(1).map((ms, index) => ms - (ran[index] ?? 0)));
    };
    assert.deepEqual([0, 1, 5, 10, 25, 30, 1_000].map(restsAt), [10, 10, 20, 40, 100, 120, 120]);
  });

  test("counts work that follows while it rests already", () => {
    const timers = new ManualTimers();
    const ran: number[] = [];
    const pace = new Pace(() => ran.push(timers.now()), options, timers);
    timers.passTo(100);
    pace.trigger();
    timers.passTo(101);
    pace.trigger();
    timers.work(20);
    for (let ms = 102; ms < 200; ms++) timers.passTo(ms);
    assert.deepEqual(ran, [100, 180]);
  });

  test("tells how long the first event has waited", () => {
    const timers = new ManualTimers();
    const waited: number[] = [];
    const pace = new Pace((ms) => waited.push(ms), options, timers);
    for (const ms of [100, 103, 106, 109, 200]) {
      timers.passTo(ms);
      pace.trigger();
    }
    timers.passTo(300);
    assert.deepEqual(waited, [0, 7, 0]);
  });

  test("forgets what is pending when it is stopped", () => {
    assert.deepEqual(stopped(), []);
  });
});

function stopped(): readonly number[] {
  const timers = new ManualTimers();
  const ran: number[] = [];
  const pace = new Pace(() => ran.push(timers.now()), options, timers);
  pace.trigger();
  pace.stop();
  timers.passTo(1_000);
  return ran;
}
