import { join } from "node:path";

/** Root of this checkout. */
export const repositoryRoot = join(import.meta.dirname, "..", "..");

/** State of the cluster that belongs to this checkout. */
export const stateDir = join(repositoryRoot, ".cluster");

/** Kubeconfig of the cluster's administrator, wherever the cluster comes from. */
export const kubeconfigPath = join(stateDir, "kubeconfig");

/** Files of one node. */
export interface NodePaths {
  readonly dir: string;
  readonly etc: string;
  readonly log: string;
  readonly containerd: string;
  /** Seen as /var/lib/kubelet inside of the node. */
  readonly kubelet: string;
  /** Seen as /var/log inside of the node. */
  readonly varLog: string;
}

/** Returns where a node's files are below the state folder. */
export function nodePaths(node: string, state: string = stateDir): NodePaths {
  const dir = join(state, node);
  return {
    dir,
    etc: join(dir, "etc"),
    log: join(dir, "log"),
    containerd: join(dir, "containerd"),
    kubelet: join(dir, "kubelet"),
    varLog: join(dir, "var-log"),
  };
}
