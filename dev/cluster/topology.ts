/** An address family of the cluster. */
export type Family = "ipv4" | "ipv6";

/** Where everything of the cluster lives in one family. */
export interface FamilyTopology {
  readonly family: Family;
  /** The machine's own address in the cluster's network. */
  readonly machineAddress: string;
  readonly nodePrefix: number;
  /** The pods of all nodes. */
  readonly podRange: string;
  readonly serviceRange: string;
  /** First address of the service range; of the first family it is the Service `kubernetes`. */
  readonly apiServiceAddress: string;
  /** All addresses of the family, as the destination of a default route. */
  readonly everywhere: string;
}

/** Of the benchmark range 198.18.0.0/15 (RFC 2544), which no network routes: the cluster never collides with the machine's. */
const ipv4: FamilyTopology = {
  family: "ipv4",
  machineAddress: "198.18.0.1",
  nodePrefix: 24,
  podRange: "198.18.128.0/18",
  serviceRange: "198.19.0.0/16",
  apiServiceAddress: "198.19.0.1",
  everywhere: "0.0.0.0/0",
};

/** Of the documentation range 2001:db8::/32 (RFC 3849), for the same reason. */
const ipv6: FamilyTopology = {
  family: "ipv6",
  machineAddress: "2001:db8:18::1",
  nodePrefix: 64,
  podRange: "2001:db8:18:100::/56",
  serviceRange: "2001:db8:19::/112",
  apiServiceAddress: "2001:db8:19::1",
  everywhere: "::/0",
};

export const topology = {
  /** Namespace that holds the bridge between the nodes and the machine. */
  lanNamespace: "meshwright-lan",
  bridge: "lan",
  /** The machine's own end of the cluster's network. */
  machineLink: "mw-machine",
  families: { ipv4, ipv6 },
  dnsAddress: "198.19.0.10",
  apiPort: 6443,
  clusterDomain: "cluster.local",
  maximumNodes: 3,
} as const;

/** What a node has in one family. */
export interface NodeAddress {
  readonly family: Family;
  readonly address: string;
  /** CIDR of its pods, a part of the family's `podRange`. */
  readonly podRange: string;
}

/** A node: a set of Linux namespaces that looks to Kubernetes like a machine. */
export interface Node {
  readonly name: string;
  /** Name of its network namespace, as `ip netns` shows it. */
  readonly namespace: string;
  /** Its address in the first family, IPv4. */
  readonly address: string;
  /** What it has in each family of the cluster; IPv4 comes first, which is where Services are unless they say otherwise. */
  readonly addresses: readonly NodeAddress[];
  /** Its end in the bridge's namespace. */
  readonly lanLink: string;
}

/**
 * Returns the nodes of a cluster of that size; the first one also runs the control plane.
 *
 * @param hasIpv6 whether the cluster has two families, or IPv4 alone
 */
export function nodesOf(count: number, hasIpv6: boolean): readonly Node[] {
  return Array.from({ length: count }, (_, index) => {
    const first = {
      family: "ipv4",
      address: `198.18.0.${index + 2}`,
      podRange: `198.18.${128 + index * 16}.0/20`,
    } as const;
    const second = {
      family: "ipv6",
      address: `2001:db8:18::${index + 2}`,
      podRange: `2001:db8:18:10${index}::/64`,
    } as const;
    return {
      name: `node${index + 1}`,
      namespace: `meshwright-node${index + 1}`,
      address: first.address,
      addresses: hasIpv6 ? [first, second] : [first],
      lanLink: `node${index + 1}`,
    };
  });
}

/** Every node that a cluster may have, for who looks for its names: of its addresses these say only the first. */
export const possibleNodes: readonly Node[] = nodesOf(topology.maximumNodes, false);

/** The ranges of a cluster's families, in the order of its nodes' addresses. */
export function familiesOf(node: Node): readonly FamilyTopology[] {
  return node.addresses.map(({ family }) => topology.families[family]);
}

/** Address of the API server, the same from nodes, pods and the machine itself. */
export const apiServerUrl = `https://198.18.0.2:${topology.apiPort}`;
