import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";

/** Runs every generator over the checked-in output and fails where a byte changed: what is checked in is what the command makes. */
const outputs = [
  "lib/xds-api/src/gen/**/*",
  "lib/rpc-api/src/gen/**/*",
  "operator/src/api/gen/**/*",
  "crds/**/*.yaml",
  "docs/reference/api.md",
] as const;
const generators = ["tools/proto-gen/main.ts", "tools/crd-gen/main.ts"] as const;

function digests(): Map<string, string> {
  const files = outputs.flatMap((pattern) => {
    const found = globSync(pattern, { withFileTypes: true }).filter((entry) => entry.isFile());
    if (found.length === 0)
      throw new Error(`no generated file matches "${pattern}": the check would pass without checking anything`);
    return found.map((entry) => `${entry.parentPath}/${entry.name}`);
  });
  return new Map(files.map((file) => [file, createHash("sha256").update(readFileSync(file)).digest("hex")]));
}

const before = digests();
for (const generator of generators)
  execFileSync(process.execPath, [generator], { stdio: ["ignore", "ignore", "inherit"] });
const after = digests();

const changed = [...new Set([...before.keys(), ...after.keys()])]
  .filter((file) => before.get(file) !== after.get(file))
  .toSorted();
if (changed.length > 0) {
  console.error(
    `generated files differ from what their generator makes (now rewritten; review and commit them):\n  ${changed.join("\n  ")}`,
  );
  process.exitCode = 1;
}
