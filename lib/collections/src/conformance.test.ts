import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Change, Value } from "./collection.ts";
import { Graph } from "./graph.ts";
import { map } from "./map.ts";
import { derivedKinds, itemSource, type Kind, kinds, type Subject } from "./testdata/kinds.ts";

const numbers = { a: 1, b: 2 };

/** A collection of one kind over a and b, and the changes that it tells. */
function subject(kind: Kind): Subject & { readonly told: (readonly Change<Value>[])[]; readonly graph: Graph } {
  const graph = new Graph();
  const made = kind(itemSource(graph, numbers));
  const told: (readonly Change<Value>[])[] = [];
  made.collection.subscribe((changes) => told.push(changes));
  return { ...made, graph, told };
}

/** What a collection holds, by key. */
function content({ collection, read }: Subject): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries([...collection.keys()].toSorted().map((key) => [key, read(key)]));
}

for (const [name, kind] of Object.entries(kinds)) {
  describe(`a collection of the kind ${name}`, () => {
    test("holds what was there before it", () => {
      assert.deepEqual(content(subject(kind)), numbers);
    });

    test("follows what comes, changes and goes", () => {
      const { source, ...rest } = subject(kind);
      source.set("c", { number: 3 });
      source.set("b", { number: 20 });
      source.set("a", undefined);
      assert.deepEqual(content({ source, ...rest }), { b: 20, c: 3 });
      assert.equal(rest.collection.size, 2);
    });

    test("tells of a batch once, with all that changed", () => {
      const { source, graph, told } = subject(kind);
      graph.batch(() => {
        source.set("c", { number: 3 });
        source.set("b", { number: 20 });
        source.set("a", undefined);
      });
      assert.equal(told.length, 1);
      const seen = told[0]?.map(({ key, before, after }) => [key, before !== undefined, after !== undefined]);
      assert.deepEqual(seen?.toSorted(), [
        ["a", true, false],
        ["b", true, true],
        ["c", false, true],
      ]);
    });

    test("says nothing of a value that is equal to the one before", () => {
      const { source, told } = subject(kind);
      source.set("a", { number: 1 });
      source.set("x", undefined);
      assert.deepEqual(told, []);
    });

    test("says nothing of what is taken back within the batch", () => {
      const { source, graph, told } = subject(kind);
      graph.batch(() => {
        source.set("a", undefined);
        source.set("b", { number: 20 });
        source.set("c", { number: 3 });
        source.set("a", { number: 1 });
        source.set("b", { number: 2 });
        source.set("c", undefined);
      });
      assert.deepEqual(told, []);
    });

    test("tells nobody who has left", () => {
      const { source, collection } = subject(kind);
      let told = 0;
      collection.subscribe(() => (told += 1))();
      source.set("a", { number: 10 });
      assert.equal(told, 0);
    });

    test("keeps its snapshot until something changes, and never changes one", () => {
      const { source, collection } = subject(kind);
      const before = collection.snapshot();
      source.set("a", { number: 1 });
      assert.equal(collection.snapshot(), before);
      source.set("c", { number: 3 });
      assert.deepEqual([...before.keys()].toSorted(), ["a", "b"]);
      assert.deepEqual([...collection.snapshot().keys()].toSorted(), ["a", "b", "c"]);
    });

    test("shows those who derive from it whole batches only", () => {
      const { source, graph, collection, read } = subject(kind);
      const sums: number[] = [];
      map(source, (_, key, fetch) => {
        fetch.all(collection);
        if (key === "a") sums.push((read("a") ?? 0) + (read("b") ?? 0));
        return key;
      });
      graph.batch(() => {
        source.set("a", { number: 2 });
        source.set("b", { number: 1 });
      });
      assert.deepEqual([...new Set(sums)], [3]);
    });

    test("has those run again who fetched what changed, and nobody else", () => {
      const { source, graph, collection } = subject(kind);
      const runs: string[] = [];
      const keys = itemSource(graph, numbers);
      map(keys, (_, key, fetch) => {
        runs.push(key);
        return fetch.get(collection, key) === undefined ? "absent" : "present";
      });
      runs.length = 0;
      source.set("a", { number: 10 });
      source.set("c", { number: 3 });
      source.set("b", undefined);
      source.set("b", { number: 2 });
      assert.deepEqual(runs, ["a", "b", "b"]);
    });

    test("tells of a batch that is worked off in pieces at its end", () => {
      const { source, graph, told, ...rest } = subject(kind);
      graph.write(() => {
        for (let number = 0; number < 5; number++) source.set(`k${number}`, { number });
      });
      let pieces = 1;
      while (!graph.settle(() => false)) {
        pieces += 1;
        assert.deepEqual(told, []);
      }
      assert.ok(graph.isSettled);
      assert.deepEqual(content({ source, ...rest }), { ...numbers, k0: 0, k1: 1, k2: 2, k3: 3, k4: 4 });
      assert.deepEqual(
        told.map((changes) => changes.length),
        [5],
      );
      assert.ok(pieces >= 1);
    });

    test("ends up as if it had been made at the end, however the writes came in batches", () => {
      const key = fc.constantFrom("a", "b", "c", "d");
      const write = fc.record({ key, number: fc.option(fc.nat({ max: 3 }), { nil: undefined }) });
      fc.assert(
        fc.property(fc.array(fc.array(write, { maxLength: 5 }), { maxLength: 10 }), (batches) => {
          const { source, graph, told, ...rest } = subject(kind);
          for (const batch of batches)
            graph.batch(() => {
              for (const { key: at, number } of batch) source.set(at, number === undefined ? undefined : { number });
            });
          assert.deepEqual(content({ source, ...rest }), content(kind(source)));
          for (const { before, after } of told.flat()) assert.notEqual(before, after);
        }),
        { numRuns: 50 },
      );
    });
  });
}

for (const [name, kind] of Object.entries(derivedKinds)) {
  describe(`a derived collection of the kind ${name}`, () => {
    test("stays as it is and is held by nobody after it was disposed of", () => {
      const { source, dispose, told, ...rest } = subject(kind);
      dispose();
      source.set("a", { number: 10 });
      assert.deepEqual(content({ source, dispose, ...rest }), numbers);
      assert.deepEqual(told, []);
    });
  });
}
