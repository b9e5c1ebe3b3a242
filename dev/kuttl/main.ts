import { parseArgs } from "node:util";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { createCluster } from "./cluster.ts";
import { KuttlError } from "./kuttl-error.ts";
import { loadSuite, onlyTest } from "./load-suite.ts";
import { runSuite } from "./run-suite.ts";

/**
 * Runs kuttl suites where the kuttl binary is not to be had: `node dev/kuttl/main.ts --config <kuttl-test.yaml>`.
 * `--test` runs the test of that name alone, `--check` only loads the files. Uses KUBECONFIG, else .cluster/kubeconfig.
 */
const { values } = parseArgs({
  options: { config: { type: "string" }, test: { type: "string" }, check: { type: "boolean", default: false } },
});

try {
  process.exitCode = await main(values.config ?? "kuttl-test.yaml", values);
} catch (error) {
  if (!(error instanceof KuttlError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main(config: string, { test, check }: Pick<typeof values, "test" | "check">): Promise<number> {
  const suite = onlyTest(loadSuite(config), test);
  if (check) {
    console.log(`${config}: ${suite.cases.length} tests`);
    return 0;
  }
  const kubeconfig = process.env["KUBECONFIG"] ?? ".cluster/kubeconfig";
  const client = createKubeClient({ connection: loadConnection(kubeconfig), userAgent: "meshwright-kuttl" });
  const results = await runSuite(suite, createCluster(client), kubeconfig);
  const failed = results.filter(({ failures }) => failures.length > 0);
  for (const { name, failures } of failed) console.error(`FAILED ${name}\n${failures.join("\n")}`);
  console.log(`${results.length - failed.length} of ${results.length} tests passed`);
  return failed.length === 0 ? 0 : 1;
}
