import { join } from "node:path";
import { cacheRoot } from "../binaries/cache.ts";
import { versions } from "../binaries/versions.ts";
import { attempt, type Outcome, run } from "../command/run.ts";
import { kubeconfigPath } from "./paths.ts";

/** Path of the kubectl that fits the cluster. */
export const kubectlPath = join(cacheRoot(), `kubernetes-${versions.kubernetes}`, "kubectl");

const connection = ["--kubeconfig", kubeconfigPath, "--request-timeout=5s"];

/** Runs kubectl against the cluster and returns its output. */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return run(kubectlPath, [...connection, ...args], input === undefined ? {} : { input });
}

/** Runs kubectl against the cluster and returns how it ended. */
export function tryKubectl(args: readonly string[]): Promise<Outcome> {
  return attempt(kubectlPath, [...connection, ...args]);
}
