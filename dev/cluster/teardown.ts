import { readFileSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { attempt } from "../command/run.ts";
import { until } from "../command/until.ts";
import { clusterGroups, clusterProcesses, removeCgroups } from "./cgroup.ts";
import { clusterNamespaces, removeNetwork } from "./network.ts";
import { nodePaths, stateDir } from "./paths.ts";
import { forgetCluster, readCluster } from "./record.ts";
import { possibleNodes } from "./topology.ts";

const endDeadlineMs = 30_000;

/**
 * Removes a cluster, whole or half-dead, of this checkout or another one.
 *
 * Guarantees: ends only processes that the kernel says are the cluster's, by membership in its cgroups or in its network
 * namespaces; afterwards no process, mount, namespace, link, route or cgroup of it is left. Logs stay until the next
 * cluster. Does nothing when there is no cluster.
 */
export async function removeCluster(): Promise<void> {
  await until("the cluster's processes to end", endDeadlineMs, async () => {
    const processes = await ownedProcesses();
    for (const pid of endableNow(processes)) end(pid);
    return processes.length === 0;
  });
  await removeNetwork();
  // The kernel lets a group go shortly after its last process.
  await until("the cluster's cgroups to empty", endDeadlineMs, () => {
    attemptRemoveCgroups();
    return clusterGroups().length === 0;
  });
  await removeState(stateDir);
  const other = readCluster()?.checkout;
  if (other !== undefined) await removeState(join(other, ".cluster"));
  // Made for the nodes, unless this machine is a node of another cluster.
  await rmdir("/var/lib/kubelet").catch(() => undefined);
  await forgetCluster();
}

/** Ids of every process of a cluster on this machine. */
async function ownedProcesses(): Promise<readonly number[]> {
  const inNamespaces = await Promise.all(clusterNamespaces().map(namespaceProcesses));
  return [...new Set([...clusterProcesses(), ...inNamespaces.flat()])].filter(isAlive);
}

/** A node's starter waits for the node's init process and then ends by itself; ended before, it would leave a zombie. */
function endableNow(processes: readonly number[]): readonly number[] {
  const others = processes.filter((pid) => nameOf(pid) !== "unshare");
  return others.length > 0 ? others : processes;
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return ""; // it ended while we looked
  }
}

async function namespaceProcesses(namespace: string): Promise<readonly number[]> {
  const { stdout } = await attempt("ip", ["netns", "pids", namespace]);
  return stdout.split("\n").filter(Boolean).map(Number);
}

/** A zombie is gone but for its parent's taking note. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself, mostly since its node's init process was ended before
  }
}

function attemptRemoveCgroups(): void {
  try {
    removeCgroups();
  } catch {
    // still busy: the caller polls
  }
}

async function removeState(state: string): Promise<void> {
  for (const node of possibleNodes) {
    const paths = nodePaths(node.name, state);
    for (const dir of [paths.etc, paths.containerd, paths.kubelet, paths.varLog, join(paths.dir, "etcd")])
      await rm(dir, { recursive: true, force: true });
  }
  await rm(join(state, "kubeconfig"), { force: true });
}
