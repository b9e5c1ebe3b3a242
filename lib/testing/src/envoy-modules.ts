import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../../proxy/native/dns.c", import.meta.url));
const flags = ["-shared", "-fPIC", "-fvisibility=hidden", "-O2", "-Wall", "-Wextra", "-Werror"];

let folder: string | undefined;

/**
 * The environment with which an Envoy finds our own modules, as the proxy's image sets it. They are built with gcc once per
 * process, into a folder that goes with it and that any user can read.
 */
export function envoyModules(): { readonly ENVOY_DYNAMIC_MODULES_SEARCH_PATH: string } {
  folder ??= build();
  return { ENVOY_DYNAMIC_MODULES_SEARCH_PATH: folder };
}

function build(): string {
  const target = mkdtempSync(join(tmpdir(), "envoy-modules-"));
  process.once("exit", () => rmSync(target, { recursive: true, force: true }));
  execFileSync("gcc", [...flags, "-o", join(target, "libmeshwright_dns.so"), source]);
  chmodSync(target, 0o755);
  return target;
}
