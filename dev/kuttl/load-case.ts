import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";
import { parseFileName } from "./file-name.ts";
import { KuttlError } from "./kuttl-error.ts";
import { type Manifest, parseManifests } from "./manifest.ts";
import { kuttlApiVersion, type TestAssert, type TestStep, testAssert, testStep } from "./test-types.ts";

/** One numbered step of a test: what to do, and what must then come to hold. */
export interface Step {
  readonly index: number;
  readonly name: string;
  readonly settings: TestStep;
  readonly assert: TestAssert;
  readonly apply: readonly Manifest[];
  readonly asserts: readonly Manifest[];
  readonly errors: readonly Manifest[];
}

/** A test: a folder with numbered files. */
export interface TestCase {
  readonly name: string;
  readonly dir: string;
  readonly steps: readonly Step[];
}

interface NumberedFile {
  readonly kind: "apply" | "assert" | "errors";
  readonly index: number;
  readonly name: string;
  readonly file: string;
}

const noSettings = testStep.parse({ apiVersion: kuttlApiVersion, kind: "TestStep" });
const noAssert = testAssert.parse({ apiVersion: kuttlApiVersion, kind: "TestAssert" });

/**
 * Loads a test from its folder.
 *
 * Errors: KuttlError `InvalidSuite` for what kuttl would refuse, and for what it would silently ignore: unknown fields,
 * files that no step uses, steps that neither do nor check anything.
 */
export function loadCase(dir: string): TestCase {
  const files = numberedFiles(dir);
  const indices = [...new Set(files.map(({ index }) => index))].toSorted((a, b) => a - b);
  const steps = indices.map((index) => loadStep(dir, index, files));
  if (steps.length === 0) throw new KuttlError("InvalidSuite", `cannot load test ${dir}: it has no step`);
  refuseUnused(dir, steps);
  return { name: basename(dir), dir, steps };
}

function numberedFiles(dir: string): readonly NumberedFile[] {
  return readdirSync(dir)
    .toSorted()
    .flatMap((file) => {
      const parsed = parseFileName(file);
      if (parsed.kind === "unknown" || parsed.kind === "unnumbered") return [];
      const name = parsed.kind === "apply" ? parsed.name : parsed.kind;
      return [{ kind: parsed.kind, index: parsed.index, name, file: join(dir, file) }];
    });
}

function loadStep(dir: string, index: number, files: readonly NumberedFile[]): Step {
  const of = (kind: NumberedFile["kind"]): readonly Manifest[] =>
    files.filter((file) => file.index === index && file.kind === kind).flatMap(({ file }) => loadFile(file));
  const where = `${dir} step ${index}`;
  const apply = of("apply");
  const asserts = of("assert");
  const settings = single(where, apply.filter(isKuttl("TestStep")), testStep) ?? noSettings;
  const assert = single(where, asserts.filter(isKuttl("TestAssert")), testAssert) ?? noAssert;
  const named = (paths: readonly string[]): readonly Manifest[] => paths.flatMap((path) => loadFile(join(dir, path)));
  const step = {
    index,
    name:
      settings.metadata?.name ?? files.find((file) => file.index === index && file.kind === "apply")?.name ?? "assert",
    settings,
    assert,
    apply: [...apply.filter(isObject), ...named(settings.apply)],
    asserts: [...asserts.filter(isObject), ...named(settings.assert)],
    errors: [...of("errors"), ...named(settings.error)],
  };
  refuseMisplaced(where, step);
  return step;
}

function loadFile(file: string): readonly Manifest[] {
  return parseManifests(file, readFileSync(file, "utf8"));
}

function isKuttl(kind: "TestStep" | "TestAssert") {
  return (manifest: Manifest): boolean => manifest.apiVersion === kuttlApiVersion && manifest.kind === kind;
}

function isObject(manifest: Manifest): boolean {
  return !isKuttl("TestStep")(manifest) && !isKuttl("TestAssert")(manifest);
}

function single<T>(where: string, manifests: readonly Manifest[], schema: z.ZodType<T>): T | undefined {
  const [first, second] = manifests;
  if (first === undefined) return undefined;
  if (second !== undefined)
    throw new KuttlError("InvalidSuite", `cannot load ${where}: it has more than one ${first.kind}`);
  return parseTyped(where, first, schema);
}

/** Checks an object of kuttl's own against its schema. */
export function parseTyped<T>(where: string, manifest: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(manifest);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  throw new KuttlError("InvalidSuite", `cannot load ${where}: ${problems}`);
}

function refuseMisplaced(where: string, step: Step): void {
  const stray = [...step.apply, ...step.asserts, ...step.errors].find(
    ({ apiVersion }) => apiVersion === kuttlApiVersion,
  );
  if (stray !== undefined) {
    throw new KuttlError("InvalidSuite", `cannot load ${where}: kind "${stray.kind}" does not belong into this file`);
  }
  const { commands, delete: deletions } = step.settings;
  const parts = [commands, deletions, step.apply, step.asserts, step.errors, step.assert.commands];
  if (parts.every(({ length }) => length === 0)) {
    throw new KuttlError("InvalidSuite", `cannot load ${where}: it neither does nor checks anything`);
  }
}

function refuseUnused(dir: string, steps: readonly Step[]): void {
  const used = new Set(steps.flatMap(({ settings }) => [...settings.apply, ...settings.assert, ...settings.error]));
  const unused = readdirSync(dir).filter((file) => parseFileName(file).kind === "unnumbered" && !used.has(file));
  if (unused.length > 0) {
    const list = unused.toSorted().join(", ");
    throw new KuttlError(
      "InvalidSuite",
      `cannot load test ${dir}: no step uses ${list}; number it, name it in a TestStep, or delete it`,
    );
  }
}
