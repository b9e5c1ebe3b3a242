import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { run } from "../command/run.ts";

/** How a shard went. */
export interface ShardResult {
  readonly shard: string;
  /** The commit that was tested; with `-dirty` when the checkout had changes. */
  readonly commit: string;
  readonly durationSeconds: number;
  readonly result: "passed" | "failed";
}

/** Where `make test-all` leaves what it found. */
const reportFile = join(repositoryRoot, "docs", "reference", "test-report.json");

/** Names the commit of the checkout. */
export async function testedCommit(): Promise<string> {
  const args = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
  return (await run("git", args, { cwd: repositoryRoot })).trim();
}

/** Reads the last report; nothing when there is none. Errors: rejects when it is not JSON. */
export async function readReport(): Promise<readonly ShardResult[]> {
  if (!existsSync(reportFile)) return [];
  return JSON.parse(await readFile(reportFile, "utf8")) as readonly ShardResult[];
}

/** Returns names of shards of which no result says that they passed, in their order. */
export function notPassed(names: readonly string[], results: readonly ShardResult[]): readonly string[] {
  const passed = new Set(results.filter(({ result }) => result === "passed").map(({ shard }) => shard));
  return names.filter((name) => !passed.has(name));
}

/** Puts newer results in the place of older ones, each with the commit that it is of; shards that are no more are left out. */
export function mergeResults(
  names: readonly string[],
  older: readonly ShardResult[],
  newer: readonly ShardResult[],
): readonly ShardResult[] {
  const byName = new Map([...older, ...newer].map((result) => [result.shard, result]));
  return names.map((name) => byName.get(name)).filter((result) => result !== undefined);
}

/** Writes a report. */
export async function writeReport(results: readonly ShardResult[]): Promise<void> {
  await mkdir(dirname(reportFile), { recursive: true });
  await writeFile(reportFile, `${JSON.stringify(results, undefined, 2)}\n`);
}
