import { existsSync } from "node:fs";
import { DevError } from "../command/dev-error.ts";
import { attempt } from "../command/run.ts";

interface Requirement {
  isMet(): boolean | Promise<boolean>;
  /** What is missing, and what to do about it. */
  readonly problem: string;
}

const requirements: readonly Requirement[] = [
  { isMet: () => process.platform === "linux", problem: "this is not Linux: use a Linux machine or virtual machine" },
  { isMet: () => process.getuid?.() === 0, problem: "not root: run it as root, as sudo make" },
  { isMet: hasNamespaces, problem: "no right to make namespaces: a container needs --privileged" },
  {
    isMet: () => existsSync("/sys/fs/cgroup/cgroup.controllers") || existsSync("/sys/fs/cgroup/pids"),
    problem: "no cgroups at /sys/fs/cgroup: mount cgroup2 there",
  },
  {
    isMet: hasBridgeFilter,
    problem: "the kernel does not filter bridged traffic: modprobe br_netfilter",
  },
];

async function hasNamespaces(): Promise<boolean> {
  return (await attempt("unshare", ["--mount", "--net", "--pid", "--fork", "true"])).code === 0;
}

async function hasBridgeFilter(): Promise<boolean> {
  const isLoaded = (): boolean => existsSync("/proc/sys/net/bridge/bridge-nf-call-iptables");
  if (isLoaded()) return true;
  await attempt("modprobe", ["br_netfilter"]);
  return isLoaded();
}

/**
 * Checks that this machine can run a cluster.
 *
 * Errors: DevError `Prerequisite` that lists everything that is missing, with what to do.
 */
export async function preflight(): Promise<void> {
  const met = await Promise.all(requirements.map(async (requirement) => requirement.isMet()));
  const missing = requirements.filter((_, index) => met[index] === false).map(({ problem }) => `  - ${problem}`);
  if (missing.length === 0) return;
  const instead = "or use a cluster that you have: CLUSTER=existing KUBECONFIG=<file>";
  throw new DevError("Prerequisite", `cannot run a cluster on this machine:\n${missing.join("\n")}\n${instead}`);
}
