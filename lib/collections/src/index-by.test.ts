import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Graph } from "./graph.ts";
import { indexBy } from "./index-by.ts";
import { source } from "./source.ts";

function words(graph: Graph) {
  const all = source<string>(graph);
  return { all, byLetter: indexBy(all, (word) => new Set(word)) };
}

describe("an index", () => {
  test("has a value in each group that it names, in the order of the keys", () => {
    const { all, byLetter } = words(new Graph());
    all.set("2", "ab");
    all.set("1", "b");
    assert.deepEqual(byLetter.get("b")?.values, ["b", "ab"]);
    assert.deepEqual([...(byLetter.get("a") ?? [])], ["ab"]);
  });

  test("forgets a group that nobody is in any more", () => {
    const { all, byLetter } = words(new Graph());
    all.set("1", "ab");
    all.set("1", "b");
    assert.deepEqual([...byLetter.keys()], ["b"]);
    all.set("1", undefined);
    assert.equal(byLetter.size, 0);
  });

  test("keeps the groups that a change does not touch", () => {
    const { all, byLetter } = words(new Graph());
    all.set("1", "a");
    all.set("2", "b");
    const before = byLetter.get("a");
    all.set("2", "bc");
    assert.equal(byLetter.get("a"), before);
  });

  test("ends up the same whether members come one by one or many at once", () => {
    const entry = fc.tuple(fc.nat({ max: 30 }).map(String), fc.constantFrom("a", "ab", "b", ""));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        const [single, atOnce] = [words(new Graph()), words(new Graph())];
        for (const [key, word] of entries) single.all.set(key, word);
        atOnce.all.graph.batch(() => {
          for (const [key, word] of entries) atOnce.all.set(key, word);
        });
        for (const letter of ["a", "b"])
          assert.deepEqual(single.byLetter.get(letter)?.values, atOnce.byLetter.get(letter)?.values);
        assert.equal(single.byLetter.size, atOnce.byLetter.size);
      }),
    );
  });
});
