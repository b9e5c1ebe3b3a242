import type { Shard } from "./shards.ts";

/** What the checkout has to run. Paths are relative to its root. */
export interface Inventory {
  readonly suites: readonly string[];
  readonly unitTests: readonly string[];
  readonly integrationTests: readonly string[];
  readonly clusterTests: readonly string[];
}

/**
 * Says what is wrong with the division into shards: a suite or test in none or in two of them, a shard without a test,
 * which would pass without testing anything. Empty when everything belongs to exactly one.
 */
export function coverageProblems(shards: readonly Shard[], inventory: Inventory): readonly string[] {
  const run = shards.map((shard) => ({ name: shard.name, items: itemsOf(shard, inventory) }));
  const empty = run.filter(({ items }) => items.length === 0).map(({ name }) => `shard "${name}" has no test`);
  const { suites, unitTests, integrationTests, clusterTests } = inventory;
  const misplaced = [...suites, ...unitTests, ...integrationTests, ...clusterTests].flatMap((item) => {
    const holders = run.filter(({ items }) => items.includes(item)).map(({ name }) => `"${name}"`);
    if (holders.length === 1) return [];
    return [holders.length === 0 ? `${item} is in no shard` : `${item} is in shards ${holders.join(" and ")}`];
  });
  return [...empty, ...misplaced];
}

/** The suites and tests that a shard runs. */
function itemsOf({ work }: Shard, inventory: Inventory): readonly string[] {
  switch (work.kind) {
    case "suite":
      return inventory.suites.filter((suite) => suite === work.folder);
    case "file":
      return inventory.clusterTests.filter((path) => path === work.path);
    case "tests": {
      const tests = work.of === "unit" ? inventory.unitTests : inventory.integrationTests;
      return tests.filter((test) => work.paths.length === 0 || work.paths.some((path) => test.startsWith(`${path}/`)));
    }
    case "command":
      // A command is its own test: it ends with another code than 0 when what it shows is wrong.
      return [work.name];
  }
}
