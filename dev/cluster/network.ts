import { readdirSync } from "node:fs";
import { attempt, run } from "../command/run.ts";
import { type Node, nodesOf, topology } from "./topology.ts";

const { lanNamespace, bridge, machineLink, machineAddress, nodePrefix } = topology;

/**
 * Connects the nodes and the machine by a bridge that stands in a namespace of its own: neither the machine's firewall
 * nor its forwarding setting has a say in the cluster's traffic, and none of its settings is touched.
 */
export async function createNetwork(nodes: readonly Node[]): Promise<void> {
  await run("ip", ["netns", "add", lanNamespace]);
  await ipIn(lanNamespace, `link add ${bridge} type bridge`, `link set ${bridge} up`);
  await sysctlIn(lanNamespace, "net.bridge.bridge-nf-call-iptables=0");
  await ip(`link add ${machineLink} type veth peer name machine netns ${lanNamespace}`);
  await ipIn(lanNamespace, `link set machine master ${bridge} up`);
  await ip(`address add ${machineAddress}/${nodePrefix} dev ${machineLink}`, `link set ${machineLink} up`);
  for (const node of nodes) await connect(node, nodes);
}

/** Removes every namespace and link of a cluster, of this checkout or another; does nothing when there is none. */
export async function removeNetwork(): Promise<void> {
  for (const namespace of clusterNamespaces()) await attempt("ip", ["netns", "delete", namespace]);
  await attempt("ip", ["link", "delete", machineLink]);
  // `ip netns` makes the folder of names a mount of its own and leaves it; while others have names in it, it stays.
  if (namedNamespaces().length === 0) await attempt("umount", ["/run/netns"]);
}

/** Names of the cluster's network namespaces that exist. */
export function clusterNamespaces(): readonly string[] {
  const known = new Set<string>([lanNamespace, ...nodesOf(topology.maximumNodes).map((node) => node.namespace)]);
  return namedNamespaces().filter((name) => known.has(name));
}

function namedNamespaces(): readonly string[] {
  try {
    return readdirSync("/run/netns");
  } catch {
    return []; // no namespace was ever named on this machine
  }
}

async function connect(node: Node, nodes: readonly Node[]): Promise<void> {
  await run("ip", ["netns", "add", node.namespace]);
  await ipIn(lanNamespace, `link add ${node.lanLink} type veth peer name eth0 netns ${node.namespace}`);
  await ipIn(lanNamespace, `link set ${node.lanLink} master ${bridge} up`);
  await ipIn(
    node.namespace,
    "link set lo up",
    `address add ${node.address}/${nodePrefix} dev eth0`,
    "link set eth0 up",
    // The kernel routes before kube-proxy translates: without a route of their own the node's processes, the API server
    // among them, could not call any Service.
    `route add ${topology.serviceRange} dev eth0`,
    ...nodes.filter((peer) => peer !== node).map((peer) => `route add ${peer.podRange} via ${peer.address}`),
  );
  await sysctlIn(node.namespace, "net.ipv4.ip_forward=1", "net.bridge.bridge-nf-call-iptables=1");
  // For the developer, and tests outside of the cluster: pods and Services answer to the machine itself.
  await ip(`route add ${node.podRange} via ${node.address}`);
  if (node === nodes[0]) await ip(`route add ${topology.serviceRange} via ${node.address}`);
}

async function ip(...commands: readonly string[]): Promise<void> {
  await run("ip", ["-batch", "-"], { input: commands.join("\n") });
}

async function ipIn(namespace: string, ...commands: readonly string[]): Promise<void> {
  await run("ip", ["-netns", namespace, "-batch", "-"], { input: commands.join("\n") });
}

async function sysctlIn(namespace: string, ...settings: readonly string[]): Promise<void> {
  await run("nsenter", [`--net=/run/netns/${namespace}`, "sysctl", "-qw", ...settings]);
}
