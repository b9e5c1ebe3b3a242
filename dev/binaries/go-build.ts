import { join } from "node:path";
import { DevError } from "../command/dev-error.ts";
import { run } from "../command/run.ts";
import type { StepReport } from "../progress/progress.ts";

/** Programs built from one pinned Go module in `dev/binaries/modules`. */
export interface GoPrograms {
  /** Folder below `modules`, with go.mod and go.sum. */
  readonly module: string;
  readonly packages: readonly string[];
  readonly ldflags: string;
  /** Build tags, separated by commas; default none. */
  readonly tags?: string;
}

const env = { CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" };

/**
 * Builds the programs into the folder, one file per package.
 * Reports the share of packages compiled; packages in Go's build cache count as soon as Go passes them by.
 *
 * Errors: DevError `Prerequisite` without a usable Go, `CommandFailed` with the compiler's output.
 */
export async function goBuild(programs: GoPrograms, dir: string, report: StepReport): Promise<void> {
  await requireGo();
  const cwd = join(import.meta.dirname, "modules", programs.module);
  report.note("downloading modules");
  const onDownload = (line: string): void => {
    if (line.startsWith("go: downloading")) report.note(line);
  };
  const tags = ["-tags", programs.tags ?? ""];
  const list = await run("go", ["list", "-deps", ...tags, ...programs.packages], { cwd, env, onLine: onDownload });
  const total = list.split("\n").length;
  let compiled = 0;
  const onLine = (line: string): void => {
    compiled += 1;
    report.at(compiled / total, line);
  };
  const flags = ["-v", ...tags, "-trimpath", "-ldflags", programs.ldflags, "-o", `${dir}/`];
  await run("go", ["build", ...flags, ...programs.packages], { cwd, env, onLine });
}

/** Go fetches the toolchain that a go.mod asks for by itself since 1.21. */
async function requireGo(): Promise<void> {
  const fix = "install Go 1.21 or newer (https://go.dev/dl) and put it on PATH";
  const version = await run("go", ["env", "GOVERSION"]).catch((cause: unknown) => {
    throw new DevError("Prerequisite", `cannot build from Go modules: go is not usable; ${fix}`, { cause });
  });
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? 0);
  if (minor < 21) throw new DevError("Prerequisite", `cannot build from Go modules: go is "${version.trim()}"; ${fix}`);
}
