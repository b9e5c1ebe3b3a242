import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NameSets } from "./name-sets.ts";

const many = (prefix: string): readonly string[] => Array.from({ length: 20 }, (_, index) => `${prefix}${index}`);

const isKnown = (name: string): boolean => !name.startsWith("made-up");

describe("the sets of names", () => {
  test("the same names in the same order are one set", () => {
    const sets = new NameSets();
    const first = sets.of(many("a"), isKnown);
    assert.deepEqual(first?.list, many("a"));
    assert.deepEqual([...(first?.set ?? [])], many("a"));
    assert.equal(sets.of(many("a"), isKnown), first);
    assert.notEqual(sets.of(many("a").toReversed(), isKnown), first);
    assert.notEqual(sets.of(many("b"), isKnown), first);
  });

  test("only the last ones are kept", () => {
    const sets = new NameSets();
    const first = sets.of(many("a"), isKnown);
    for (let index = 0; index < 8; index++) sets.of(many(`other${index}-`), isKnown);
    assert.notEqual(sets.of(many("a"), isKnown), first);
  });

  test("few names, and names that come twice, are no set of theirs", () => {
    const sets = new NameSets();
    assert.equal(sets.of(["a", "b"], isKnown), undefined);
    assert.equal(sets.of([...many("a"), "a0"], isKnown), undefined);
  });

  test("names that a client makes up are kept by nobody else", () => {
    assert.equal(new NameSets().of([...many("a"), "made-up"], isKnown), undefined);
  });
});
