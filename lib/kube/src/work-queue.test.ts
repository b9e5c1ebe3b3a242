import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import { until } from "@meshwright/testing/until";
import { KubeError } from "./kube-error.ts";
import { createWorkQueue, type WorkQueue, type WorkQueueOptions, type WorkResult } from "./work-queue.ts";

const finished: WorkResult = { kind: "done" };

interface Bench {
  readonly queue: WorkQueue;
  /** Keys in the order in which their work began. */
  readonly begun: string[];
  /** Lets the oldest piece of work at hand end. */
  readonly finish: (result?: WorkResult | Error) => void;
  readonly stop: AbortController;
}

/** A queue whose work ends when the test says so. */
function createBench(options: Partial<WorkQueueOptions> = {}): Bench {
  const begun: string[] = [];
  const atWork: ((result: WorkResult | Error) => void)[] = [];
  const stop = new AbortController();
  const work = async (key: string): Promise<WorkResult> => {
    begun.push(key);
    const { promise, resolve } = Promise.withResolvers<WorkResult | Error>();
    atWork.push(resolve);
    const result = await promise;
    if (result instanceof Error) throw result;
    return result;
  };
  const queue = createWorkQueue({ name: "test", logger: silentLogger, signal: stop.signal, work, ...options });
  return { queue, begun, finish: (result = finished) => atWork.shift()?.(result), stop };
}

describe("a work queue", () => {
  test("works on a key once, however often it was added while waiting", async () => {
    const { queue, begun, finish } = createBench();
    for (const key of ["a", "b", "b", "b"]) queue.add(key);
    finish();
    await until("the second key", () => begun.length === 2);
    finish();
    await until("an empty queue", () => queue.depth === 0);
    assert.deepEqual(begun, ["a", "b"]);
  });

  test("never works on one key twice at a time, but once more for what came meanwhile", async () => {
    const { queue, begun, finish } = createBench({ concurrency: 3 });
    for (const key of ["a", "a", "a"]) queue.add(key);
    assert.deepEqual(begun, ["a"]);
    finish();
    await until("the second run", () => begun.length === 2);
    finish();
    await until("an empty queue", () => queue.depth === 0);
    assert.deepEqual(begun, ["a", "a"]);
  });

  test("works on as many keys at a time as it has workers", async () => {
    const { queue, begun, finish } = createBench({ concurrency: 2 });
    for (const key of ["a", "b", "c"]) queue.add(key);
    assert.deepEqual(begun, ["a", "b"]);
    finish();
    await until("the third key", () => begun.length === 3);
  });

  test("tries a failed key again while others go on", async () => {
    const { queue, begun, finish } = createBench({ minBackoffMs: 20, maxBackoffMs: 30 });
    queue.add("bad");
    queue.add("good");
    finish(new Error("broken"));
    await until("the other key", () => begun.length === 2);
    finish();
    await until("the retry", () => begun.length === 3);
    assert.deepEqual(begun, ["bad", "good", "bad"]);
  });

  test("comes back no earlier than the server wishes", async () => {
    const { queue, begun, finish } = createBench({ minBackoffMs: 1 });
    queue.add("a");
    const failedAtMs = performance.now();
    finish(new KubeError("TooManyRequests", "cannot apply", { retryAfterMs: 200 }));
    await until("the retry", () => begun.length === 2);
    assert.ok(performance.now() - failedAtMs >= 199);
  });

  test("looks again after the time that the work asked for", async () => {
    const { queue, begun, finish } = createBench();
    queue.add("a");
    finish({ kind: "recheck", afterMs: 30 });
    await until("the recheck", () => begun.length === 2);
  });

  test("runs a delayed key once when it is added before its time", async () => {
    const { queue, begun, finish, stop } = createBench();
    queue.addAfter("a", 40);
    queue.addAfter("a", 60_000);
    queue.add("a");
    finish();
    queue.addAfter("b", 80);
    await until("the other key", () => begun.length === 2);
    assert.deepEqual(begun, ["a", "b"]);
    stop.abort();
  });

  test("keeps the earlier of two delays", async () => {
    const { queue, begun } = createBench();
    queue.addAfter("a", 60_000);
    queue.addAfter("a", 20);
    queue.addAfter("a", 60_000);
    await until("the key", () => begun.length === 1);
  });

  test("stops when what is at work has finished, and takes nothing new", async () => {
    const { queue, begun, finish, stop } = createBench();
    for (const key of ["a", "a", "b"]) queue.add(key);
    queue.addAfter("c", 1);
    stop.abort();
    queue.add("d");
    finish();
    await queue.done;
    assert.deepEqual({ begun, depth: queue.depth }, { begun: ["a"], depth: 0 });
  });
});
