import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { auditLogPath } from "../cluster/components.ts";
import { kubectlPath } from "../cluster/kubectl.ts";
import { kubeconfigPath, nodePaths, repositoryRoot } from "../cluster/paths.ts";
import { nodesOf } from "../cluster/topology.ts";
import { prepare } from "./prepare.ts";
import type { Shard } from "./shards.ts";

/** Runs a shard, preparing what it needs first; says whether it passed. */
export async function runShard({ work }: Shard): Promise<boolean> {
  switch (work.kind) {
    case "tests":
      return runNode("tools/test-run/main.ts", work.of, ...work.paths);
    case "file":
      return runNode("--test", work.path);
    case "command":
      return runNode(`dev/${work.name}/main.ts`);
    case "suite":
      await prepare(work.nodes, work.extras);
      return runSuite(join("kuttl-tests", work.folder, "kuttl-test.yaml"), work.test);
  }
}

/** With the real kuttl where it is installed, else with our own runner of the same files. */
function runSuite(config: string, test: string | undefined): Promise<boolean> {
  const kuttl = onPath("kubectl-kuttl");
  const which = ["--config", config, ...(test === undefined ? [] : ["--test", test])];
  return kuttl === undefined ? runNode("dev/kuttl/main.ts", ...which) : runProgram(kuttl, ["test", ...which]);
}

function runNode(...args: readonly string[]): Promise<boolean> {
  return runProgram(process.execPath, args);
}

function runProgram(program: string, args: readonly string[]): Promise<boolean> {
  // The suites call kubectl and node: the ones that fit the cluster and the sources.
  const path = [dirname(kubectlPath()), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  const env = { MESHWRIGHT_AUDIT_LOG: auditLog(), ...process.env, PATH: path, KUBECONFIG: kubeconfigPath };
  const child = spawn(program, args, { cwd: repositoryRoot, env, stdio: "inherit" });
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  child.once("error", reject);
  child.once("close", (code) => resolve(code === 0));
  return promise;
}

/** Where the API server of the development cluster writes down who changed what. */
function auditLog(): string {
  return auditLogPath(nodePaths(nodesOf(1, false)[0]?.name ?? "").dir);
}

function onPath(program: string): string | undefined {
  const candidates = (process.env["PATH"] ?? "").split(delimiter).map((dir) => join(dir, program));
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
