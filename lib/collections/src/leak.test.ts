import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Collection, Value } from "./collection.ts";
import { flatMap } from "./flat-map.ts";
import { Graph } from "./graph.ts";
import { indexBy } from "./index-by.ts";
import { join } from "./join.ts";
import { map } from "./map.ts";
import { type Source, source } from "./source.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** What may be left over that is none of ours: compiled code, and what the test runner notes down. */
const slackBytes = 300_000;

interface Held {
  readonly size: number;
}

function derive(numbers: Source<Held>): readonly (Collection<Value> & Disposable)[] {
  const groups = indexBy(numbers, ({ size }) => [String(size % 7)]);
  const fetched = map(numbers, ({ size }, key, fetch) => {
    fetch.all(groups);
    return { size, group: fetch.get(groups, String(size % 7)), key };
  });
  const spread = flatMap(numbers, (value, key) => [[key, value] as const, [`${key}!`, value] as const]);
  return [join<Held>(spread, fetched), spread, fetched, groups];
}

describe("collections", () => {
  test("hold nothing of what went", () => {
    const graph = new Graph();
    const numbers = source<Held>(graph);
    derive(numbers);
    const fill = (round: number): void => {
      graph.batch(() => {
        for (let index = 0; index < 200; index++) numbers.set(`${round}/${index}`, { size: index });
      });
      graph.batch(() => {
        for (const key of numbers.keys()) numbers.set(key, undefined);
      });
    };
    for (let round = 0; round < 20; round++) fill(round);
    const before = heapBytes();
    for (let round = 20; round < 220; round++) fill(round);
    assert.ok(heapBytes() - before < slackBytes, `${heapBytes() - before} bytes are left of 40,000 values`);
  });

  test("are held by nobody once they were disposed of", () => {
    const graph = new Graph();
    const numbers = source<Held>(graph);
    for (let index = 0; index < 200; index++) numbers.set(String(index), { size: index });
    const deriveAndDispose = (): void => {
      for (const derived of derive(numbers)) derived[Symbol.dispose]();
    };
    for (let round = 0; round < 20; round++) deriveAndDispose();
    const before = heapBytes();
    for (let round = 0; round < 200; round++) deriveAndDispose();
    assert.ok(heapBytes() - before < slackBytes, `${heapBytes() - before} bytes are left of 800 collections`);
    assert.equal(numbers.isObserved, false);
  });
});
