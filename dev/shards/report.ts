import { mkdir, writeFile } from "node:fs/promises";
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

/** Writes the report of a whole run. */
export async function writeReport(results: readonly ShardResult[]): Promise<void> {
  await mkdir(dirname(reportFile), { recursive: true });
  await writeFile(reportFile, `${JSON.stringify(results, undefined, 2)}\n`);
}
