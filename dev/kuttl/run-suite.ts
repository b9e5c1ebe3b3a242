import type { Cluster } from "./cluster.ts";
import type { LoadedSuite } from "./load-suite.ts";
import { createTestLog } from "./log.ts";
import { runCase } from "./run-case.ts";

export interface CaseResult {
  readonly name: string;
  /** Empty when it passed. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** Runs the tests of a suite one after the other: ours share one mesh and set `parallel: 1` for kuttl, too. */
export async function runSuite(
  suite: LoadedSuite,
  cluster: Cluster,
  kubeconfig: string,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const test of suite.cases) {
    const began = Date.now();
    const log = createTestLog(test.name);
    const failures = await runCase(test, { settings: suite.settings, cluster, kubeconfig, log });
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    log.line(failures.length === 0 ? `passed in ${seconds} s` : `FAILED after ${seconds} s`);
    results.push({ name: test.name, failures, seconds });
  }
  return results;
}
