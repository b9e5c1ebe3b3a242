import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KuttlError } from "./kuttl-error.ts";
import { loadCase, parseTyped, type TestCase } from "./load-case.ts";
import { parseManifests } from "./manifest.ts";
import { type TestSuite, testSuite } from "./test-types.ts";

export interface LoadedSuite {
  readonly settings: TestSuite;
  readonly cases: readonly TestCase[];
}

/**
 * Loads a suite: its configuration, usually kuttl-test.yaml, and every test in its `testDirs`, which are relative to
 * the working directory as in kuttl.
 *
 * Errors: KuttlError `InvalidSuite`, also for a suite without a test, which would pass without testing anything.
 */
export function loadSuite(configFile: string): LoadedSuite {
  const [config, ...more] = parseManifests(configFile, readFileSync(configFile, "utf8"));
  if (config === undefined || more.length > 0) {
    throw new KuttlError("InvalidSuite", `cannot load ${configFile}: it must hold exactly one TestSuite`);
  }
  const settings = parseTyped(configFile, config, testSuite);
  const cases = settings.testDirs.flatMap((dir) => folders(dir).map((name) => loadCase(join(dir, name))));
  if (cases.length === 0) throw new KuttlError("InvalidSuite", `cannot load ${configFile}: its testDirs hold no test`);
  return { settings, cases };
}

/**
 * A suite with one of its tests; all of them when none is named.
 *
 * Errors: KuttlError `InvalidSuite` when it has no such test.
 */
export function onlyTest(suite: LoadedSuite, name: string | undefined): LoadedSuite {
  if (name === undefined) return suite;
  const cases = suite.cases.filter((each) => each.name === name);
  const names = suite.cases.map((each) => each.name).join(", ");
  if (cases.length === 0) throw new KuttlError("InvalidSuite", `there is no test "${name}": use one of ${names}`);
  return { ...suite, cases };
}

function folders(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}
