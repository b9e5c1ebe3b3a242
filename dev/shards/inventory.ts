import { existsSync, globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import type { Inventory } from "./coverage.ts";

const suiteFiles = "kuttl-tests/*/kuttl-test.yaml";

/** Finds every suite and test of the checkout. */
export function readInventory(): Inventory {
  return {
    suites: find(suiteFiles).map((file) => basename(dirname(file))),
    unitTests: find("**/*.test.ts"),
    integrationTests: find("**/*.itest.ts"),
    clusterTests: find("**/*.e2e.ts"),
  };
}

/** The suite that has a test of that name. */
export function suiteOfTest(test: string): string | undefined {
  const folders = find(suiteFiles).map((file) => dirname(file));
  const folder = folders.find((each) => existsSync(join(repositoryRoot, each, test)));
  return folder === undefined ? undefined : basename(folder);
}

function find(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: repositoryRoot, exclude: ["**/node_modules", ".build", ".cluster"] }).toSorted();
}
