import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Rust crate that carries Envoy's protos with everything they import; this version matches Envoy 1.40. */
const crate = { name: "envoy-types", version: "0.7.7" } as const;

/** Folders of the crate's `proto/` that are roots of import paths. */
const roots = [
  "cel-spec/proto",
  "client_model",
  "data-plane-api",
  "googleapis",
  "opentelemetry-proto",
  "protoc-gen-validate",
  "xds",
];

/**
 * Returns the import roots of Envoy's protos, fetching the crate the first time.
 * The protos are not committed: they stay in the cache, keyed by the crate's version.
 *
 * Errors: throws with cargo's own output when cargo is missing or cannot fetch.
 */
export function envoyProtoRoots(): string[] {
  const cached = join(homedir(), ".cache", "meshwright", `${crate.name}-${crate.version}`);
  if (!existsSync(cached)) fetchInto(cached);
  return roots.map((root) => join(cached, root));
}

function fetchInto(cached: string): void {
  const project = mkdtempSync(join(tmpdir(), "proto-gen-"));
  try {
    const partial = `${cached}.${process.pid}`;
    mkdirSync(dirname(cached), { recursive: true });
    cpSync(fetchCrate(project), partial, { recursive: true });
    renameSync(partial, cached); // at once, so that an interrupted fetch never leaves a cache that looks whole
  } finally {
    rmSync(project, { recursive: true });
  }
}

/** Lets cargo fetch the crate as the only dependency of a throwaway project; returns its proto folder. */
function fetchCrate(project: string): string {
  const manifest = `[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n${crate.name} = "=${crate.version}"\n`;
  mkdirSync(join(project, "src"));
  writeFileSync(join(project, "src/lib.rs"), "");
  writeFileSync(join(project, "Cargo.toml"), manifest);
  const vendored = join(project, "vendor");
  execFileSync("cargo", ["vendor", "--quiet", vendored], { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
  return join(vendored, crate.name, "proto");
}
