import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { coverageProblems, type Inventory } from "./coverage.ts";
import { readInventory } from "./inventory.ts";
import { type Shard, shards, smokeShards } from "./shards.ts";

test("every suite and every test of the repository belongs to exactly one shard", () => {
  const inventory = readInventory();
  assert.ok(inventory.suites.length > 0 && inventory.unitTests.length > 0, "the inventory is empty");
  assert.deepEqual(coverageProblems(shards, inventory), []);
});

test("the smoke set names shards that there are", () => {
  const names = shards.map(({ name }) => name);
  assert.deepEqual(
    smokeShards.filter((name) => !names.includes(name)),
    [],
  );
});

describe("a division is refused", () => {
  const inventory: Inventory = { suites: ["a", "b"], unitTests: [], integrationTests: [], clusterTests: [] };
  const suite = (name: string, folder: string): Shard => ({ name, work: { kind: "suite", folder } });
  const cases: Record<string, { shards: readonly Shard[]; want: readonly string[] }> = {
    "with a suite in no shard": { shards: [suite("x", "a")], want: ["b is in no shard"] },
    "with a suite in two shards": {
      shards: [suite("x", "a"), suite("y", "a"), suite("z", "b")],
      want: ['a is in shards "x" and "y"'],
    },
    "with a shard that tests nothing": {
      shards: [suite("x", "a"), suite("y", "b"), suite("z", "c")],
      want: ['shard "z" has no test'],
    },
  };
  for (const [name, { shards: division, want }] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(coverageProblems(division, inventory), want));
  }
});
