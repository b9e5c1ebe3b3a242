import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

/**
 * Runs the tests of one kind with Node's own runner. The kinds are told apart by name:
 * `*.test.ts` need nothing but Node, `*.itest.ts` need real binaries (Envoy, kube-apiserver, openssl, nft).
 * More arguments are passed on, as `--test-name-pattern`; one that is a path narrows the files.
 */
const suffixes = { unit: ".test.ts", integration: ".itest.ts" } as const;
const folders = "{lib/*,operator,control-plane,proxy,samples,dev,tools,test,bench}";

const [kind = "", ...rest] = process.argv.slice(2);
const suffix = Object.entries(suffixes).find(([name]) => name === kind)?.[1];
if (suffix === undefined) {
  console.error(`cannot run tests of kind "${kind}": use one of ${Object.keys(suffixes).join(", ")}`);
  process.exit(2);
}

const only = rest.filter((argument) => !argument.startsWith("-"));
const files = globSync(`${folders}/**/*${suffix}`, { exclude: ["**/node_modules/**"] })
  .filter((file) => only.length === 0 || only.some((path) => file.startsWith(path)))
  .toSorted();
if (files.length === 0) {
  console.error(`no test matches ${folders}/**/*${suffix} ${only.join(" ")}: that would pass without testing anything`);
  process.exit(1);
}

// Real servers take memory and ports of their own: one file at a time keeps two cores honest.
// A test that leaves a watch running would never end; it fails instead.
const limits = kind === "integration" ? ["--test-concurrency=1", "--test-timeout=300000"] : ["--test-timeout=60000"];
const options = rest.filter((argument) => argument.startsWith("-"));
const { status } = spawnSync(process.execPath, ["--test", ...limits, ...options, ...files], { stdio: "inherit" });
process.exit(status ?? 1);
