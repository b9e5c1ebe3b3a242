import { readdirSync } from "node:fs";
import { attempt, run } from "../command/run.ts";
import {
  type Family,
  type FamilyTopology,
  familiesOf,
  type Node,
  type NodeAddress,
  possibleNodes,
  topology,
} from "./topology.ts";

const { lanNamespace, bridge, machineLink } = topology;

/**
 * Connects the nodes and the machine by a bridge that stands in a namespace of its own: neither the machine's firewall
 * nor its forwarding setting has a say in the cluster's traffic, and none of its settings is touched.
 */
export async function createNetwork(nodes: readonly Node[]): Promise<void> {
  const families = nodes.slice(0, 1).flatMap(familiesOf);
  await run("ip", ["netns", "add", lanNamespace]);
  await ipIn(lanNamespace, `link add ${bridge} type bridge`, `link set ${bridge} up`);
  await sysctlIn(lanNamespace, ...families.map(({ family }) => bridgeFilter(family, 0)));
  await ip(`link add ${machineLink} type veth peer name machine netns ${lanNamespace}`);
  await ipIn(lanNamespace, `link set machine master ${bridge} up`);
  await ip(
    ...families.map((family) => addAddress(family.machineAddress, family, machineLink)),
    `link set ${machineLink} up`,
  );
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
  const known = new Set<string>([lanNamespace, ...possibleNodes.map((node) => node.namespace)]);
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
  const peers = nodes.filter((peer) => peer !== node).flatMap(({ addresses }) => addresses);
  await ipIn(
    node.namespace,
    "link set lo up",
    ...node.addresses.map(({ address, family }) => addAddress(address, topology.families[family], "eth0")),
    "link set eth0 up",
    // The kernel routes before kube-proxy translates: without a route of their own the node's processes, the API server
    // among them, could not call any Service.
    ...familiesOf(node).map(({ serviceRange }) => `route add ${serviceRange} dev eth0`),
    ...peers.map(podRoute),
  );
  for (const { family } of node.addresses) await sysctlIn(node.namespace, forwarding[family], bridgeFilter(family, 1));
  // For the developer, and tests outside of the cluster: pods and Services answer to the machine itself.
  await ip(...node.addresses.map(podRoute));
  if (node === nodes[0]) await ip(...node.addresses.map(serviceRoute));
}

const forwarding = { ipv4: "net.ipv4.ip_forward=1", ipv6: "net.ipv6.conf.all.forwarding=1" } as const;

function bridgeFilter(family: Family, value: 0 | 1): string {
  return `net.bridge.bridge-nf-call-${family === "ipv4" ? "iptables" : "ip6tables"}=${value}`;
}

/** Nobody else can have the address: without waiting for an answer it can be used at once. */
function addAddress(address: string, { family, nodePrefix }: FamilyTopology, link: string): string {
  return `address add ${address}/${nodePrefix} dev ${link}${family === "ipv6" ? " nodad" : ""}`;
}

function podRoute({ podRange, address }: NodeAddress): string {
  return `route add ${podRange} via ${address}`;
}

function serviceRoute({ family, address }: NodeAddress): string {
  return `route add ${topology.families[family].serviceRange} via ${address}`;
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
