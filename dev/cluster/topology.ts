/**
 * Where everything of the cluster lives. All addresses are of the benchmark range 198.18.0.0/15 (RFC 2544), which no
 * network routes, so that the cluster never collides with the machine's networks.
 */
export const topology = {
  /** Namespace that holds the bridge between the nodes and the machine. */
  lanNamespace: "meshwright-lan",
  bridge: "lan",
  /** The machine's own end of the cluster's network. */
  machineLink: "mw-machine",
  machineAddress: "198.18.0.1",
  nodePrefix: 24,
  /** The pods of all nodes. */
  podRange: "198.18.128.0/18",
  serviceRange: "198.19.0.0/16",
  /** First address of the service range: the Service `kubernetes`. */
  apiServiceAddress: "198.19.0.1",
  dnsAddress: "198.19.0.10",
  apiPort: 6443,
  clusterDomain: "cluster.local",
  maximumNodes: 3,
} as const;

/** A node: a set of Linux namespaces that looks to Kubernetes like a machine. */
export interface Node {
  readonly name: string;
  /** Name of its network namespace, as `ip netns` shows it. */
  readonly namespace: string;
  readonly address: string;
  /** CIDR of its pods, a part of `topology.podRange`. */
  readonly podRange: string;
  /** Its end in the bridge's namespace. */
  readonly lanLink: string;
}

/** Returns the nodes of a cluster of that size; the first one also runs the control plane. */
export function nodesOf(count: number): readonly Node[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `node${index + 1}`,
    namespace: `meshwright-node${index + 1}`,
    address: `198.18.0.${index + 2}`,
    podRange: `198.18.${128 + index * 16}.0/20`,
    lanLink: `node${index + 1}`,
  }));
}

/** Address of the API server, the same from nodes, pods and the machine itself. */
export const apiServerUrl = `https://198.18.0.2:${topology.apiPort}`;
