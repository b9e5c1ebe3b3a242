import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { flatMap } from "./flat-map.ts";
import { Graph } from "./graph.ts";
import { source } from "./source.ts";

/** Claims of several on the same keys: each makes its list, under the claimed names. */
function claims(graph: Graph) {
  const lists = source<readonly string[]>(graph);
  return { lists, claimed: flatMap(lists, (names, by) => names.map((name) => [name, by] as const)) };
}

describe("a collection that is made of several values of each", () => {
  test("lets the first by its own key have what several make, whoever came first", () => {
    const { lists, claimed } = claims(new Graph());
    lists.set("b", ["x", "y"]);
    lists.set("a", ["x"]);
    lists.set("c", ["x"]);
    assert.equal(claimed.get("x"), "a");
    lists.set("a", undefined);
    assert.equal(claimed.get("x"), "b");
    lists.set("b", ["y"]);
    assert.equal(claimed.get("x"), "c");
    assert.equal(claimed.get("y"), "b");
    lists.set("c", undefined);
    assert.equal(claimed.get("x"), undefined);
  });

  test("ends up the same in whatever order claims come and go", () => {
    const claim = fc.tuple(fc.constantFrom("a", "b", "c"), fc.subarray(["x", "y", "z"]));
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 20 }), (all) => {
        const { lists, claimed } = claims(new Graph());
        for (const [by, names] of all) lists.set(by, names);
        const anew = claims(new Graph());
        for (const [by, names] of [...new Map(all)].toReversed()) anew.lists.set(by, names);
        assert.deepEqual(claimed.snapshot(), anew.claimed.snapshot());
      }),
    );
  });
});
