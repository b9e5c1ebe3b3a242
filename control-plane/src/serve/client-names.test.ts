import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ClientNames } from "./client-names.ts";

const letters = "abcdefghijklmnop".split("");
const names = fc.uniqueArray(fc.constantFrom(...letters), { minLength: 1 });
const step = fc.record({ kind: fc.constantFrom("add", "addSet", "delete"), names });

test("a client's names are those that it asked for and did not leave, whatever it has in common with others", () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const [actual, expected] = [new ClientNames(), new Set<string>()];
      for (const { kind, names: some } of steps) {
        if (kind === "addSet") actual.addSet({ list: some, set: new Set(some) });
        for (const name of some) {
          if (kind === "delete") assert.equal(actual.delete(name), expected.delete(name));
          if (kind === "add") actual.add(name);
          if (kind !== "delete") expected.add(name);
        }
        assert.deepEqual([...actual].toSorted(), [...expected].toSorted());
        assert.equal(actual.size, expected.size);
        for (const letter of letters) assert.equal(actual.has(letter), expected.has(letter));
      }
    }),
  );
});

test("the set that others hold is never changed", () => {
  const set = new Set(letters);
  const client = new ClientNames();
  client.addSet({ list: letters, set });
  client.add("z");
  for (const letter of letters) client.delete(letter);
  assert.deepEqual([...set], letters);
  assert.deepEqual([...client], ["z"]);
});
