import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot } from "../binaries/cache.ts";
import { versions } from "../binaries/versions.ts";
import { attempt, type Outcome, run } from "../command/run.ts";
import { kubeconfigPath } from "./paths.ts";

const builtKubectl = join(cacheRoot(), `kubernetes-${versions.kubernetes}`, "kubectl");

/** The kubectl that was built with the cluster; a machine that uses somebody else's cluster has its own on PATH. */
export function kubectlPath(): string {
  return existsSync(builtKubectl) ? builtKubectl : "kubectl";
}

const connection = ["--kubeconfig", kubeconfigPath, "--request-timeout=5s"];

/** Runs kubectl against the cluster and returns its output. */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return run(kubectlPath(), [...connection, ...args], input === undefined ? {} : { input });
}

/** Runs kubectl against the cluster and returns how it ended. */
export function tryKubectl(args: readonly string[]): Promise<Outcome> {
  return attempt(kubectlPath(), [...connection, ...args]);
}
