import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { absent } from "./due.ts";
import { KnownVersions } from "./known-versions.ts";
import { Outstanding } from "./outstanding.ts";
import type { EncodedResource, ResourceMap } from "./view.ts";

const resource = (name: string, version: string): EncodedResource => ({
  name,
  version,
  bytes: new Uint8Array(),
  origins: [],
});
const mapOf = (...resources: readonly EncodedResource[]): ResourceMap =>
  new Map(resources.map((each) => [each.name, each]));
const batch = (resources: readonly EncodedResource[], removed: readonly string[] = []) => ({
  resources,
  removed,
  added: [],
});

describe("a response that is not answered yet", () => {
  test("that tells a new client of everything takes no versions of its own", () => {
    const known = new KnownVersions();
    const all = mapOf(resource("a", "1"), resource("b", "1"));
    new Outstanding("1", batch([...all.values()]), known, true).tell(known, all);
    assert.deepEqual([known.get("a"), known.get("b"), known.ownSize], ["1", "1", 0]);
  });

  test("that tells of everything that there is leaves what is still to be removed", () => {
    const known = new KnownVersions();
    known.settle(mapOf(resource("a", "1"), resource("gone", "1")));
    const all = mapOf(resource("a", "2"));
    new Outstanding("1", batch([...all.values()]), known, true).tell(known, all);
    assert.deepEqual([known.get("a"), known.get("gone")], ["2", "1"]);
  });

  test("is taken back, of new clients too", () => {
    for (const before of [mapOf(), mapOf(resource("a", "0"), resource("c", "0"))]) {
      const known = new KnownVersions();
      known.settle(before);
      const all = mapOf(resource("a", "1"), resource("b", "1"));
      const outstanding = new Outstanding("1", batch([...all.values()], ["c"]), known, false);
      outstanding.tell(known, all);
      assert.deepEqual(
        ["a", "b", "c"].map((name) => known.get(name)),
        ["1", "1", absent],
      );
      outstanding.takeBack(known);
      assert.deepEqual(
        ["a", "b", "c"].map((name) => known.get(name)),
        ["a", "b", "c"].map((name) => before.get(name)?.version),
      );
    }
  });

  test("is not taken back where the client asked anew meanwhile", () => {
    const known = new KnownVersions();
    known.settle(mapOf(resource("a", "0")));
    const all = mapOf(resource("a", "1"));
    const outstanding = new Outstanding("1", batch([...all.values()]), known, true);
    outstanding.tell(known, all);
    known.set("a", undefined);
    outstanding.takeBack(known);
    assert.equal(known.get("a"), undefined);
  });

  test("says of a name what the client had and will have", () => {
    const known = new KnownVersions();
    known.settle(mapOf(resource("a", "0"), resource("b", "0")));
    const outstanding = new Outstanding("1", batch([resource("a", "1")], ["b"]), known, true);
    assert.deepEqual(
      ["a", "b", "c"].map((name) => outstanding.of(name)),
      [{ before: "0", after: "1" }, { before: "0", after: undefined }, undefined],
    );
  });
});
