import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PendingNames } from "./pending-names.ts";

const names = fc.uniqueArray(fc.constantFrom(..."abcdefghijklmnop".split("")));
const step = fc.oneof(
  fc.record({ kind: fc.constant("add"), names }),
  fc.record({ kind: fc.constant("addAll"), names }),
  fc.record({ kind: fc.constant("settle"), names }),
);

test("pending names are those that came and are not settled, in the order in which they came", () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const pending = new PendingNames();
      const expected = new Set<string>();
      for (const { kind, names: some } of steps) {
        if (kind === "addAll") pending.addAll(some);
        if (kind === "add") for (const name of some) pending.add(name);
        if (kind === "settle") {
          const visited = [...pending].findLastIndex((name) => some.includes(name)) + 1;
          const kept = [...pending].slice(0, visited).filter((name) => !some.includes(name));
          pending.settle(visited, kept);
        }
        for (const name of some)
          if (kind === "settle") expected.delete(name);
          else expected.add(name);
        assert.deepEqual([[...pending], pending.size], [[...expected], expected.size]);
      }
    }),
  );
});

test("names are visited until the visitor takes one no more", () => {
  for (const pending of [new PendingNames(["a", "b", "c"]), new PendingNames("abcdefghijkl".split(""))]) {
    pending.add("z");
    const visited: string[] = [];
    pending.visit((name) => name !== "b" && visited.push(name) > 0);
    assert.deepEqual(visited, ["a"]);
    assert.equal([...pending].at(-1), "z");
  }
});
