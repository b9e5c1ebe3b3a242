import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { kubectlPath } from "../cluster/kubectl.ts";
import { kubeconfigPath } from "../cluster/paths.ts";
import { DevError } from "../command/dev-error.ts";

/** A way into the cluster that lasts until it is disposed of. */
export interface PortForward extends Disposable {
  /** Loopback address with a port of the system's choice. */
  readonly address: string;
}

/** Opens a way to a port of a Service by `kubectl port-forward`, which works for any cluster. */
export async function portForward(namespace: string, service: string, port: number): Promise<PortForward> {
  const args = ["--kubeconfig", kubeconfigPath, "-n", namespace, "port-forward", `service/${service}`, `:${port}`];
  const child = spawn(kubectlPath(), args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^Forwarding from (127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address !== undefined) return { address, [Symbol.dispose]: () => void child.kill() };
  }
  throw new DevError("CommandFailed", `cannot forward to Service "${namespace}/${service}": kubectl ended`);
}
