import { dirname, join, normalize } from "node:path";
import type { Layer } from "./law.ts";

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Says what breaks the law, one line per violation: `<file>: <what>`. */
export function violations(
  files: readonly SourceFile[],
  law: readonly Layer[],
  composers: readonly string[],
): string[] {
  return files.flatMap((file) => (composers.includes(file.path) ? [] : fileViolations(file, law)));
}

function fileViolations(file: SourceFile, law: readonly Layer[]): string[] {
  const layer = layerOf(file.path, law);
  if (layer === undefined) return [`${file.path}: no layer of tools/architecture/law.ts owns this folder`];
  const imports = importsOf(file.text).flatMap((target) => importViolation(file.path, target, layer) ?? []);
  const effects = layer.pure === true ? effectsOf(file.text) : [];
  return [...imports, ...effects].map((what) => `${file.path}: ${what}`);
}

function layerOf(path: string, law: readonly Layer[]): Layer | undefined {
  return law
    .filter((layer) => path.startsWith(`${layer.folder}/`))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

/** Specifiers of static and dynamic imports and of re-exports. */
function importsOf(text: string): string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)["']([^"']+)["']/g;
  return [...withoutComments(text).matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

function importViolation(path: string, target: string, layer: Layer): string | undefined {
  if (target.startsWith(".")) return relativeViolation(normalize(join(dirname(path), target)), layer);
  if (target.startsWith("@meshwright/")) {
    const name = target.split("/")[1] ?? "";
    return layer.packages.includes(name) || layer.folder === `lib/${name}/src` ? undefined : `may not import ${target}`;
  }
  if (layer.pure === true && target.startsWith("node:") && !pureBuiltins.has(target))
    return `pure code may not import ${target}`;
  return undefined;
}

/** Deterministic parts of the platform: hashing, and the syntax of addresses. */
const pureBuiltins: ReadonlySet<string> = new Set(["node:crypto", "node:net"]);

function relativeViolation(target: string, layer: Layer): string | undefined {
  if (target.startsWith(`${layer.folder}/`)) return undefined;
  const root = layer.folder.slice(0, layer.folder.indexOf("/src") + "/src".length);
  const allowed = layer.mayImport.some(
    (name) => target.startsWith(`${root}/${name}/`) || target === `${root}/${name}.ts`,
  );
  return allowed ? undefined : `may not import ${target}`;
}

const effects: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\basync\b|\bawait\b|\bPromise\b/, "is asynchronous"],
  [/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\./, "reads the clock"],
  [/\bMath\.random\b|\brandomBytes\b|\brandomUUID\b|\bgenerateKeyPair/, "is random"],
  [/\bprocess\./, "reads the process or its environment"],
  [/\bset(?:Timeout|Interval|Immediate)\b/, "sets a timer"],
  [/\bconsole\.|@meshwright\/log/, "logs"],
  [/\bfetch\(/, "does I/O"],
];

function effectsOf(text: string): string[] {
  const code = withoutComments(text);
  return effects.flatMap(([pattern, what]) => (pattern.test(code) ? [`pure code ${what}`] : []));
}

/** Comments and the contents of string literals may speak of anything; import specifiers are kept. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|[^:"'`])\/\/.*$/gm, "$1");
}
