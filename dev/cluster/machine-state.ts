import { existsSync, globSync, readFileSync } from "node:fs";
import { attempt } from "../command/run.ts";

/** What a cluster could leave behind on a machine, as lists of lines to compare (`leftBehind`). */
export type MachineState = Readonly<Record<string, readonly string[]>>;

/** Command lines of a cluster's processes: its nodes, its components and its containers. */
const clusterCommand = /\.cluster\/|\/run\/netns\/meshwright|containerd-shim|^tini |^\/pause|^\/coredns/;

/** Network namespaces of tests that run beside, named after the process that made them. */
const testNamespace = /\bmw-[a-z0-9-]+-\d+\b/;

const settings = [
  "net.ipv4.ip_forward",
  "net.ipv4.conf.all.forwarding",
  "net.ipv6.conf.all.forwarding",
  "net.ipv6.conf.default.forwarding",
  "net.bridge.bridge-nf-call-iptables",
  "net.bridge.bridge-nf-call-ip6tables",
] as const;

/** Reads what of this machine a cluster could have changed. */
export async function machineState(): Promise<MachineState> {
  return {
    namespaces: withoutTests(await lines("ip", ["netns"])),
    links: (await lines("ip", ["-brief", "link"])).map((line) => line.split(/\s/)[0] ?? ""),
    addresses: await lines("ip", ["-brief", "address"]),
    routes: await lines("ip", ["-4", "route", "show", "table", "all"]),
    // A route that a router announced says how long it holds.
    ipv6Routes: (await lines("ip", ["-6", "route", "show", "table", "all"])).map((line) =>
      line.replace(/ expires \d+sec/, ""),
    ),
    // Of iptables and ip6tables too; without counters, which any traffic changes.
    rules: await lines("nft", ["--stateless", "list", "ruleset"]),
    mounts: withoutTests(readFileSync("/proc/self/mounts", "utf8").split("\n")),
    cgroups: globSync("/sys/fs/cgroup/**/meshwright*").toSorted(),
    settings: await lines("sysctl", ["--ignore", ...settings]),
    processes: processes(),
    files: ["/var/lib/kubelet", "/run/meshwright", "/run/containerd/containerd.sock"].filter((path) =>
      existsSync(path),
    ),
  };
}

async function lines(program: string, args: readonly string[]): Promise<readonly string[]> {
  return (await attempt(program, args)).stdout.split("\n");
}

function withoutTests(found: readonly string[]): readonly string[] {
  return found.filter((line) => !testNamespace.test(line));
}

function processes(): readonly string[] {
  return globSync("/proc/[0-9]*/cmdline")
    .map(commandIn)
    .filter((command) => clusterCommand.test(command))
    .toSorted();
}

function commandIn(file: string): string {
  try {
    return readFileSync(file, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // it ended while we looked
  }
}
