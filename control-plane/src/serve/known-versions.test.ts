import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { KnownVersions } from "./known-versions.ts";
import type { ResourceMap } from "./view.ts";

const mapOf = (versions: Readonly<Record<string, string>>): ResourceMap =>
  new Map(
    Object.entries(versions).map(([name, version]) => [name, { name, version, bytes: new Uint8Array(), origins: [] }]),
  );

describe("known versions", () => {
  test("take no memory of their own for a client that is up to date", () => {
    const known = new KnownVersions();
    const base = mapOf({ a: "1", b: "1" });
    for (const name of base.keys()) known.set(name, "1");
    known.settle(base);
    assert.equal(known.ownSize, 0);
    assert.equal(known.get("a"), "1");
  });

  test("hold what differs from the map that is shared", () => {
    const known = new KnownVersions();
    known.settle(mapOf({ a: "1", b: "1" }));
    known.set("a", "2");
    known.set("b", undefined);
    known.set("c", undefined);
    assert.deepEqual([known.get("a"), known.get("b"), known.get("c"), known.ownSize], ["2", undefined, undefined, 2]);
  });

  test("keep what was told of a name that does not exist", () => {
    const known = new KnownVersions();
    known.set("gone", "");
    known.settle(mapOf({ a: "1" }));
    assert.equal(known.get("gone"), "");
  });

  test("forget all but some names", () => {
    const known = new KnownVersions();
    known.settle(mapOf({ a: "1", b: "1" }));
    known.keepOnly(["b"]);
    assert.deepEqual([known.get("a"), known.get("b")], [undefined, "1"]);
  });

  test("answer as a plain map would, whatever is set and settled", () => {
    const name = fc.constantFrom("a", "b", "c");
    const version = fc.option(fc.constantFrom("1", "2"), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, version, fc.boolean())), (steps) => {
        const known = new KnownVersions();
        const plain = new Map<string, string>();
        for (const [key, value, isSettled] of steps) {
          known.set(key, value);
          if (value === undefined) plain.delete(key);
          else plain.set(key, value);
          if (isSettled) known.settle(mapOf(Object.fromEntries(plain)));
          for (const each of ["a", "b", "c"]) assert.equal(known.get(each), plain.get(each));
        }
      }),
    );
  });
});
