import { globSync } from "node:fs";
import { basename, dirname } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import type { Inventory } from "./coverage.ts";

/** Finds every suite and test of the checkout. */
export function readInventory(): Inventory {
  return {
    suites: find("kuttl-tests/*/kuttl-test.yaml").map((file) => basename(dirname(file))),
    unitTests: find("**/*.test.ts"),
    integrationTests: find("**/*.itest.ts"),
    clusterTests: find("**/*.e2e.ts"),
  };
}

function find(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: repositoryRoot, exclude: ["**/node_modules", ".build", ".cluster"] }).toSorted();
}
