import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { EncodedResource, ResourceMap } from "../serve/view.ts";
import { LayeredResources } from "./layered-resources.ts";

function mapOf(names: readonly string[]): ResourceMap {
  const made = (name: string): EncodedResource => ({ name, version: "1", bytes: new Uint8Array(), origins: [] });
  return new Map(names.map((name) => [name, made(name)]));
}

test("maps of resources in layers read as the one map that they are together", () => {
  const names = fc.uniqueArray(fc.string(), { maxLength: 12 });
  fc.assert(
    fc.property(names, fc.nat({ max: 12 }), fc.nat({ max: 12 }), (all, first, second) => {
      const [from, to] = [Math.min(first, second), Math.max(first, second)];
      const parts = [all.slice(0, from), all.slice(from, to), all.slice(to)].map(mapOf);
      const [layered, whole] = [new LayeredResources(parts), new Map(parts.flatMap((part) => [...part]))];
      assert.equal(layered.size, whole.size);
      assert.deepEqual([...layered], [...whole]);
      assert.deepEqual([...layered.keys()], [...whole.keys()]);
      assert.deepEqual([...layered.values()], [...whole.values()]);
      for (const name of [...all, "absent!"]) {
        assert.equal(layered.get(name), whole.get(name));
        assert.equal(layered.has(name), whole.has(name));
      }
      const visited: string[] = [];
      layered.forEach((resource, name) => visited.push(`${name} ${resource.name}`));
      assert.deepEqual(
        visited,
        all.map((name) => `${name} ${name}`),
      );
    }),
  );
});
