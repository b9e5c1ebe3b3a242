import { kubectlPath } from "../cluster/kubectl.ts";
import { kubeconfigPath } from "../cluster/paths.ts";
import { attempt, type Outcome, run } from "../command/run.ts";

const env = { KUBECONFIG: kubeconfigPath };

/**
 * Runs kubectl against the development cluster and returns its output; waits as long as its own `--timeout` says.
 *
 * Errors: DevError `CommandFailed` with the end of its output.
 */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return run(kubectlPath(), args, input === undefined ? { env } : { env, input });
}

/** Runs kubectl and returns how it ended, whatever the exit code. */
export function tryKubectl(args: readonly string[], input?: string): Promise<Outcome> {
  return attempt(kubectlPath(), args, input === undefined ? { env } : { env, input });
}
