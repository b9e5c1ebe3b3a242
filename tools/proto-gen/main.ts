/**
 * Generates the TypeScript of every protobuf message and service that the product uses.
 * `--check` writes nothing and fails when what is checked in differs from what would be generated.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { envoyProtoRoots } from "./crate.ts";
import { droppedOptions, envoyTypes } from "./envoy-types.ts";
import { differences, readTree, writeTree } from "./file-tree.ts";
import { generate, type Package } from "./generate.ts";

const repository = join(import.meta.dirname, "../..");
const ownProtos = join(import.meta.dirname, "proto");

const packages: Readonly<Record<string, Package>> = {
  "lib/xds-api/src/gen": { roots: envoyProtoRoots(), types: envoyTypes, droppedOptions },
  "lib/rpc-api/src/gen": { roots: [ownProtos], types: [], droppedOptions: [] },
};

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const scratch = mkdtempSync(join(tmpdir(), "proto-gen-"));
try {
  for (const [folder, source] of Object.entries(packages)) {
    const generated = generate(source, scratch);
    if (values.check) report(folder, differences(readTree(join(repository, folder)), generated));
    else writeTree(join(repository, folder), generated);
    console.log(`${folder}: ${generated.size} files`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}

function report(folder: string, stale: readonly string[]): void {
  for (const path of stale) console.error(`${folder}/${path} is out of date: run node tools/proto-gen/main.ts`);
  if (stale.length > 0) process.exitCode = 1;
}
