import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { test } from "node:test";

/** Files of one golden case's output: name relative to the case's folder, and content. */
export type GoldenOutput = Readonly<Record<string, string>>;

/**
 * Registers one test per case folder below `root`: a folder that holds `in.yaml`. The other files of the folder are
 * the expected output; a file that the run no longer writes is as wrong as one that differs.
 * `UPDATE_GOLDEN=1` rewrites them and deletes outdated ones.
 *
 * Errors: throws when no case is found, so that a wrong path never passes.
 */
export function goldenCases(root: string, run: (input: string) => GoldenOutput): void {
  const inputs = globSync(join(root, "**", "in.yaml")).toSorted();
  if (inputs.length === 0)
    throw new Error(`no golden case below "${root}": the suite would pass without checking anything`);
  for (const input of inputs) {
    const dir = dirname(input);
    test(relative(root, dir), () => checkCase(dir, run(readFileSync(input, "utf8"))));
  }
}

function checkCase(dir: string, output: GoldenOutput): void {
  const update = process.env["UPDATE_GOLDEN"] === "1";
  if (update) {
    for (const file of expectedFiles(dir)) if (output[file] === undefined) rmSync(join(dir, file));
    for (const [file, actual] of Object.entries(output)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), actual);
    }
    return;
  }
  for (const [file, actual] of Object.entries(output)) {
    const path = join(dir, file);
    const expected = existsSync(path) ? readFileSync(path, "utf8") : "";
    assert.equal(actual, expected, `${path} differs; review, then rerun with UPDATE_GOLDEN=1`);
  }
  assert.deepEqual(expectedFiles(dir).toSorted(), Object.keys(output).toSorted(), `outdated files in ${dir}`);
}

function expectedFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && basename(entry.name) !== "in.yaml")
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
}
