import { DevError } from "../command/dev-error.ts";
import { main } from "../command/main.ts";
import { coverageProblems } from "./coverage.ts";
import { readInventory, suiteOfTest } from "./inventory.ts";
import { mergeResults, notPassed, readReport, type ShardResult, testedCommit, writeReport } from "./report.ts";
import { runShard } from "./run-shard.ts";
import { type Shard, shards, smokeShards } from "./shards.ts";

const usage = `node dev/shards/main.ts <command>
  list               name the shards
  run <shard|test>   run one, or one test of a suite
  test               run the smoke set: ${smokeShards.join(", ")}
  all                run every shard and write docs/reference/test-report.json
  again              run what did not pass in that report, and put the new results into it
  rotate <number>    run one, chosen by a number that grows with each commit`;

await main(() => command(process.argv.slice(2)));

async function command([verb = "", argument = ""]: readonly string[]): Promise<void> {
  const problems = coverageProblems(shards, readInventory());
  if (problems.length > 0) throw new DevError("ComponentFailed", problems.join("\n"));
  switch (verb) {
    case "list":
      for (const { name } of shards) console.log(name);
      return;
    case "run":
      return failOn(await runAll([named(argument)]));
    case "test":
      return failOn(await runAll(smokeShards.map(named)));
    case "rotate":
      return failOn(await runAll([chosenBy(argument)]));
    case "all":
      return all();
    case "again":
      return again();
    default:
      throw new DevError("Usage", usage);
  }
}

async function all(): Promise<void> {
  const results = await runAll(shards);
  await writeReport(results);
  failOn(results);
}

/** For after a failure is mended; each result names the commit that it is of. */
async function again(): Promise<void> {
  const names = shards.map(({ name }) => name);
  const report = await readReport();
  const results = await runAll(notPassed(names, report).map(named));
  await writeReport(mergeResults(names, report, results));
  failOn(results);
}

/** A shard that fails does not keep the others from running. */
async function runAll(chosen: readonly Shard[]): Promise<readonly ShardResult[]> {
  const commit = await testedCommit();
  const results: ShardResult[] = [];
  for (const shard of chosen) {
    console.log(`\n== shard ${shard.name}`);
    const began = Date.now();
    const passed = await runShard(shard).catch((error: unknown) => {
      console.error(error instanceof DevError ? error.message : error);
      return false;
    });
    const durationSeconds = Math.round((Date.now() - began) / 1000);
    console.log(`== shard ${shard.name} ${passed ? "passed" : "FAILED"} in ${durationSeconds} s`);
    results.push({ shard: shard.name, commit, durationSeconds, result: passed ? "passed" : "failed" });
  }
  return results;
}

/** A shard, or a single test of a suite. */
function named(name: string): Shard {
  const shard = shards.find((candidate) => candidate.name === name) ?? testOfSuite(name);
  if (shard !== undefined) return shard;
  throw new DevError("Usage", `there is no shard "${name}": use one of ${shards.map((each) => each.name).join(", ")}`);
}

function testOfSuite(name: string): Shard | undefined {
  const folder = suiteOfTest(name);
  const shard = shards.find(({ work }) => work.kind === "suite" && work.folder === folder);
  return shard?.work.kind === "suite" && name !== "" ? { name, work: { ...shard.work, test: name } } : undefined;
}

/** What `make test` runs anyway is left out. */
function chosenBy(text: string): Shard {
  const rotating = shards.filter(({ name }) => name !== "unit" && !smokeShards.includes(name));
  const number = Number.parseInt(text, 10);
  const shard = rotating[number % rotating.length];
  if (shard !== undefined) return shard;
  throw new DevError("Usage", `cannot choose a shard by "${text}": give a number from 0`);
}

function failOn(results: readonly ShardResult[]): void {
  const failed = results.filter(({ result }) => result === "failed").map(({ shard }) => shard);
  if (failed.length > 0) throw new DevError("ComponentFailed", `failed: ${failed.join(", ")}`);
}
