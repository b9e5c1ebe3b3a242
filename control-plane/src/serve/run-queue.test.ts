import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RunQueue } from "./run-queue.ts";

/** Turns that are taken by hand, and a clock that tasks move. */
function turns() {
  const waiting: (() => void)[] = [];
  let nowMs = 0;
  return {
    now: () => nowMs,
    later: (task: () => void) => void waiting.push(task),
    spend: (ms: number) => {
      nowMs += ms;
    },
    /** Takes the turn that is due; says whether there was one. */
    next: (): boolean => {
      const turn = waiting.shift();
      turn?.();
      return turn !== undefined;
    },
  };
}

describe("the queue", () => {
  test("runs nothing in the turn of whoever adds it", () => {
    const bed = turns();
    const ran: string[] = [];
    new RunQueue(bed).add(() => ran.push("a"));
    assert.deepEqual(ran, []);
    bed.next();
    assert.deepEqual(ran, ["a"]);
  });

  test("runs a few milliseconds of tasks in a turn, in their order, and the rest in later ones", () => {
    const bed = turns();
    const queue = new RunQueue(bed);
    const ran: number[] = [];
    for (let task = 0; task < 8; task++) {
      queue.add(() => {
        ran.push(task);
        bed.spend(1.6);
      });
    }
    const perTurn: number[] = [];
    while (bed.next()) perTurn.push(ran.length);
    assert.deepEqual(perTurn, [3, 6, 8]);
    assert.deepEqual(ran, [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("runs a task that a task adds after those that were there before", () => {
    const bed = turns();
    const queue = new RunQueue(bed);
    const ran: string[] = [];
    queue.add(() => {
      ran.push("a");
      queue.add(() => ran.push("c"));
    });
    queue.add(() => ran.push("b"));
    while (bed.next());
    assert.deepEqual(ran, ["a", "b", "c"]);
  });

  test("goes on after it was empty", () => {
    const bed = turns();
    const queue = new RunQueue(bed);
    const ran: string[] = [];
    queue.add(() => ran.push("a"));
    while (bed.next());
    queue.add(() => ran.push("b"));
    while (bed.next());
    assert.deepEqual(ran, ["a", "b"]);
  });
});
