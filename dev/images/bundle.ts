import { existsSync } from "node:fs";
import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
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
    // Stack traces need lines, not sources.
    sourcesContent: false,
    // Without comments the text is ASCII, of which V8 keeps one byte for a character and not two.
    minifyWhitespace: true,
    plugins: [clientWithoutModels, withoutOtherTransports, requiresHttp, mapsOurSourcesOnly],
    legalComments: "none",
    logLevel: "silent",
    // CommonJS dependencies call require, which a module does not have by itself.
    banner: {
      js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
    },
  });
}

/** esbuild would put its own map in the place of one without any mapping. */
const emptyMap = { version: 3, sources: ["dependency"], names: [], mappings: "AAAA" };
const mappedToNothing = Buffer.from(JSON.stringify(emptyMap)).toString("base64");

/**
 * Leaves dependencies and generated code out of the source map, which is read when an error is logged: with all of them that
 * took 95 MB of the control plane's memory.
 */
const mapsOurSourcesOnly: Plugin = {
  name: "maps our sources only",
  setup: (building) => {
    building.onLoad({ filter: /\/(?:node_modules|gen)\/.*\.[cm]?[jt]s$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\n//# sourceMappingURL=data:application/json;base64,${mappedToNothing}`,
      loader: path.endsWith("ts") ? "ts" : "js",
    }));
  },
};

/**
 * Leaves out what nobody uses of the Kubernetes client, whose modules do nothing when they are imported without its saying so.
 * We have its reading of kubeconfig files; with its models of every kind it took 10 MB of each process.
 */
const clientWithoutModels: Plugin = {
  name: "client without models",
  setup: (building) => {
    building.onResolve({ filter: /^(?:@kubernetes\/client-node$|\.)/ }, async (args) => {
      const { path, resolveDir, kind, importer, pluginData } = args;
      const isInside = path.startsWith(".") ? resolveDir.includes("/@kubernetes/client-node/") : true;
      // The second time it asks on our own behalf.
      if (!isInside || pluginData === clientWithoutModels) return undefined;
      const resolved = await building.resolve(path, { resolveDir, kind, importer, pluginData: clientWithoutModels });
      return { ...resolved, sideEffects: false };
    });
  },
};

/**
 * Leaves out by what else the Kubernetes client would talk to an API server: our requests are Node's own. They are CommonJS, of
 * which everything runs as soon as anything is imported.
 */
const withoutOtherTransports: Plugin = {
  name: "without other transports",
  setup: (building) => {
    const namespace = "left-out";
    building.onResolve({ filter: /^(?:undici|isomorphic-ws)$/ }, ({ path }) => ({ path, namespace }));
    building.onLoad({ filter: /.*/, namespace }, () => ({ contents: "module.exports = {};" }));
  },
};

/**
 * Takes Node's http by `require`: whoever imports it is given everything that it exports, and for its `WebSocket` Node loads a
 * client of its own that nobody uses.
 */
const requiresHttp: Plugin = {
  name: "requires http",
  setup: (building) => {
    const namespace = "required";
    building.onResolve({ filter: /^(?:node:)?http$/ }, (args) =>
      args.namespace === namespace ? { path: "node:http", external: true } : { path: "node:http", namespace },
    );
    building.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};
