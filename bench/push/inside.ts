import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { type CpuProfile, hotSpots } from "./hot-spots.ts";
import type { CellResult } from "./measure/cell.ts";
import { readOptions } from "./options.ts";
import { planCells } from "./plan.ts";
import { type PushResult, report } from "./report.ts";
import { runCells } from "./run.ts";

// The benchmark itself, inside its network namespace: `inside.ts <programs as JSON> <options>`. What it has measured so far
// stands in the file at any time.

const [programs = "{}", ...args] = process.argv.slice(2);
const { meshd, istiod }: { readonly meshd: string; readonly istiod?: string } = JSON.parse(programs);
const options = readOptions(args);
// What it started ends when it exits, and only then.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

const cells: CellResult[] = [];
await runCells({
  ...options,
  cells: planCells(options.plan),
  meshd,
  ...(istiod === undefined ? {} : { istiod }),
  note: (what) => console.error(`push: ${what}`),
  onResult: (cell) => {
    cells.push(cell);
    save();
  },
});
console.log(report(save()));
if (options.profile !== undefined)
  for (const file of globSync(join(options.profile, "*.cpuprofile"))) printProfile(file);

function printProfile(file: string): void {
  const profile: CpuProfile = JSON.parse(readFileSync(file, "utf8"));
  const { files, functions } = hotSpots(profile, readFileSync(meshd, "utf8"));
  const lines = [...files.slice(0, 20), ...functions.slice(0, 40)].map(
    ({ name, ms }) => `${Math.round(ms)} ms ${name}`,
  );
  console.log([`\n${basename(file)}: CPU time in files and functions themselves`, ...lines].join("\n"));
}

function save(): PushResult {
  const [processor] = cpus();
  const machine = { processors: cpus().length, model: processor?.model ?? "" };
  const result = { machine, effort: options.effort, cells };
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}
