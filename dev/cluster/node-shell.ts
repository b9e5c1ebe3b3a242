import { spawn } from "node:child_process";
import { globSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../command/until.ts";
import { ownershipFile } from "./cgroup.ts";
import { nodePaths } from "./paths.ts";
import type { Node } from "./topology.ts";

/**
 * Starts a node: an init process in network, mount, process, IPC and host-name namespaces of its own. Everything else
 * of the node runs below it, so that the kernel ends and unmounts all of it when the init process ends.
 */
export async function startNode(node: Node): Promise<void> {
  const paths = nodePaths(node.name);
  for (const dir of [paths.log, paths.containerd, paths.kubelet, paths.varLog, ...mountPoints])
    await mkdir(dir, { recursive: true });
  const log = await open(join(paths.log, "init.log"), "a");
  const namespaces = ["--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const enter = `exec nsenter --net=/run/netns/${node.namespace} unshare ${namespaces.join(" ")} sh -c "$1"`;
  // The shell gives its own id away before it becomes the node, so no process of the node is ever unowned.
  const script = `echo $$ > ${ownershipFile()} && ${enter}`;
  const child = spawn("sh", ["-c", script, "sh", initScript(node)], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    cwd: "/",
  });
  child.unref();
  await log.close();
  await until(`node ${node.name} to start`, 10_000, () => nodeInit(node) !== undefined);
}

/** Folders of the machine that every node covers with one of its own, where users' nodes have them. */
const mountPoints = ["/var/lib/kubelet", "/opt/cni/bin", "/etc/cni/net.d"];

function initScript(node: Node): string {
  const paths = nodePaths(node.name);
  return [
    "set -e",
    "mount -t tmpfs -o mode=755 tmpfs /run",
    "mkdir -p /run/lock",
    `mount --bind '${paths.kubelet}' /var/lib/kubelet`,
    `mount --bind '${paths.varLog}' /var/log`,
    // Of its own, since a mesh in CNI mode changes both.
    `mount --bind '${paths.etc}/cni' /etc/cni/net.d`,
    "mount -t tmpfs -o mode=755 tmpfs /opt/cni/bin",
    "ln -s /usr/lib/cni/* /opt/cni/bin/",
    // What a CSI driver mounts in its pod must appear in the node, and from there in other pods.
    "mount --make-rshared /",
    `hostname ${node.name}`,
    "exec tini -- sleep infinity",
  ].join("\n");
}

/** Returns the machine's id of a node's init process; undefined when the node is not running. */
export function nodeInit(node: Node): number | undefined {
  const namespace = namespaceInode(node);
  if (namespace === undefined) return undefined;
  return globSync("/proc/[0-9]*")
    .map((dir) => Number(dir.slice("/proc/".length)))
    .find((pid) => isInitOf(pid, namespace));
}

function namespaceInode(node: Node): string | undefined {
  const stat = statSync(`/run/netns/${node.namespace}`, { throwIfNoEntry: false });
  return stat === undefined ? undefined : `net:[${stat.ino}]`;
}

/** An init process is the first in a process namespace just below ours, and in the node's network namespace. */
function isInitOf(pid: number, namespace: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/ns/net`) !== namespace) return false;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return /^Name:\s+tini$/m.test(status) && /^NSpid:\s+\d+\s+1$/m.test(status);
  } catch {
    return false; // the process ended while we looked
  }
}

/** Returns program and arguments that run a command inside of a node. */
export function insideNode(init: number, command: readonly string[]): readonly [string, readonly string[]] {
  return ["nsenter", ["--target", `${init}`, "--mount", "--uts", "--ipc", "--net", "--pid", "--", ...command]];
}
