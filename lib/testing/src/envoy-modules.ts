import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNative } from "./native-build.ts";

let modules: string | undefined;

/**
 * The environment with which an Envoy finds our own modules, as the proxy's image sets it. They are built once per process,
 * into a folder that goes with it and that any user can read.
 */
export function envoyModules(): { readonly ENVOY_DYNAMIC_MODULES_SEARCH_PATH: string } {
  modules ??= build();
  return { ENVOY_DYNAMIC_MODULES_SEARCH_PATH: modules };
}

function build(): string {
  const target = mkdtempSync(join(tmpdir(), "envoy-modules-"));
  process.once("exit", () => rmSync(target, { recursive: true, force: true }));
  chmodSync(target, 0o755);
  return buildNative(target).modules;
}
