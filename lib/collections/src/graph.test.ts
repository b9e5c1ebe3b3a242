import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Collection } from "./collection.ts";
import { CollectionError, type CollectionErrorReason } from "./collection-error.ts";
import { Graph } from "./graph.ts";
import { join } from "./join.ts";
import { map } from "./map.ts";
import { source } from "./source.ts";

function failure(act: () => void): CollectionErrorReason | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof CollectionError ? error.reason : undefined;
  }
  return undefined;
}

describe("a graph", () => {
  test("runs each transform once per batch, however many ways lead to it", () => {
    const graph = new Graph();
    const numbers = source<number>(graph);
    const doubled = map(numbers, (value) => value * 2);
    const tripled = map(numbers, (value) => value * 3);
    let runs = 0;
    const sums = map(numbers, (value, key, fetch) => {
      runs += 1;
      return value + (fetch.get(doubled, key) ?? 0) + (fetch.get(tripled, key) ?? 0);
    });
    numbers.set("a", 1);
    assert.equal(sums.get("a"), 6);
    assert.equal(runs, 1);
  });

  test("runs a transform no more for what it no longer fetches", () => {
    const graph = new Graph();
    const names = source<string>(graph);
    const numbers = source<number>(graph);
    let runs = 0;
    const values = map(names, (name, _, fetch) => {
      runs += 1;
      return fetch.get(numbers, name);
    });
    numbers.set("one", 1);
    names.set("a", "one");
    names.set("a", "two");
    numbers.set("one", 11);
    assert.equal(runs, 2);
    numbers.set("two", 2);
    assert.equal(values.get("a"), 2);
    names.set("a", undefined);
    numbers.set("two", 22);
    assert.equal(runs, 3);
  });

  test("stops a change where its result is equal", () => {
    const graph = new Graph();
    const numbers = source<number>(graph);
    const parity = map(numbers, (value) => value % 2);
    let runs = 0;
    map(parity, () => (runs += 1));
    numbers.set("a", 1);
    numbers.set("a", 3);
    assert.equal(runs, 1);
  });

  test("works off the rest when a transform fails, and keeps what that had made before", () => {
    const graph = new Graph();
    const numbers = source<number>(graph);
    const inverted = map(numbers, (value) => {
      if (value === 0) throw new RangeError("0 has no inverse");
      return 1 / value;
    });
    numbers.set("a", 2);
    const reason = failure(() =>
      graph.batch(() => {
        numbers.set("a", 0);
        numbers.set("b", 4);
      }),
    );
    assert.equal(reason, "TransformFailed");
    assert.deepEqual([inverted.get("a"), inverted.get("b")], [0.5, 0.25]);
    numbers.set("a", 1);
    assert.equal(inverted.get("a"), 1);
  });

  test("takes what subscribers write as a batch that follows", () => {
    const graph = new Graph();
    const numbers = source<number>(graph);
    const seen: (number | undefined)[] = [];
    numbers.subscribe(([change]) => {
      seen.push(change?.after);
      if (change?.after === 1) numbers.set("a", 2);
    });
    numbers.set("a", 1);
    assert.deepEqual(seen, [1, 2]);
  });

  test("takes writes into a batch that is worked off in pieces", () => {
    const graph = new Graph();
    const numbers = source<number>(graph);
    const doubled = map(numbers, (value) => value * 2);
    let told = 0;
    doubled.subscribe(() => (told += 1));
    graph.write(() => {
      numbers.set("a", 1);
      numbers.set("b", 2);
    });
    assert.equal(
      graph.settle(() => false),
      false,
    );
    numbers.set("c", 3);
    assert.deepEqual([doubled.get("a"), doubled.get("b"), doubled.get("c")], [2, 4, 6]);
    assert.equal(told, 1);
  });

  const mistakes: Record<string, { readonly make: () => void; readonly reason: CollectionErrorReason }> = {
    "refuses to join collections of two graphs": {
      make: () => join(source<number>(new Graph()), source<number>(new Graph())),
      reason: "OtherGraph",
    },
    "refuses to fetch from what is made later": {
      make: () => {
        const graph = new Graph();
        const numbers = source<number>(graph);
        const made: { later?: Collection<number> } = {};
        map(numbers, (_, key, fetch) => made.later && fetch.get(made.later, key));
        made.later = map(numbers, (value) => value);
        numbers.set("a", 1);
      },
      reason: "TransformFailed",
    },
    "refuses to write to a source while deriving": {
      make: () => {
        const graph = new Graph();
        const [numbers, others] = [source<number>(graph), source<number>(graph)];
        map(numbers, (value, key) => {
          others.set(key, value);
          return value;
        });
        numbers.set("a", 1);
      },
      reason: "TransformFailed",
    },
  };
  for (const [name, { make, reason }] of Object.entries(mistakes))
    test(name, () => assert.equal(failure(make), reason));
});
