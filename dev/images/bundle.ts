import { existsSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { repositoryRoot } from "../cluster/paths.ts";
import type { ProductImage } from "./names.ts";

/** Images that run one of our processes; the proxy runs Envoy. */
export type Process = Exclude<ProductImage, "proxy">;

const entryPoints: Readonly<Record<Process, string>> = {
  operator: "operator/src/main.ts",
  meshd: "control-plane/src/main.ts",
  "node-agent": "proxy/src/main.ts",
  samples: "samples/src/main.ts",
};

/** Sources of the program for where there is no Node. */
export const nativeSources = join(repositoryRoot, "proxy", "native");

/** Tells whether the source of a process is there. */
export function hasSource(process: Process): boolean {
  return existsSync(join(repositoryRoot, entryPoints[process]));
}

/**
 * Bundles a process with all that it imports into one file, `main.mjs`, and its source map, and returns their folder.
 * The node agent's also holds the sources of the CNI plugin, as `native/`.
 * The same sources give the same bytes; versions are stamped by the image's environment, not here.
 */
export async function bundle(process: Process): Promise<string> {
  const dir = join(repositoryRoot, ".build", "bundles", process);
  await rm(dir, { recursive: true, force: true });
  await bundleModule(entryPoints[process], join(dir, "main.mjs"));
  if (process === "node-agent") await cp(nativeSources, join(dir, "native"), { recursive: true });
  return dir;
}

/** Bundles a module of the repository with all that it imports into one file, as those of images are. */
export async function bundleModule(entryPoint: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    sourcemap: "linked",
    // Stack traces need lines, not the dependencies' sources.
    sourcesContent: false,
    legalComments: "none",
    logLevel: "silent",
    // CommonJS dependencies call require, which a module does not have by itself.
    banner: {
      js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
    },
  });
}
