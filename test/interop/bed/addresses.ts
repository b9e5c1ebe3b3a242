import type { DualAddress } from "@meshwright/testing/node-network";

/** The machines of the bed, in the range for benchmarks (RFC 2544). */
export const addresses = {
  node: "198.18.240.254",
  client: "198.18.240.1",
  web: "198.18.240.2",
  legacy: "198.18.240.3",
  /** No pod of the cluster. */
  outside: "198.18.241.1",
} as const;

/** The same machines, in the range for documentation (RFC 3849). */
export const ipv6Addresses: Readonly<Record<keyof typeof addresses, string>> = {
  node: "2001:db8:18:240::fe",
  client: "2001:db8:18:240::1",
  web: "2001:db8:18:240::2",
  legacy: "2001:db8:18:240::3",
  outside: "2001:db8:18:241::1",
};

/** Both addresses of a machine. */
export function dualAddress(name: keyof typeof addresses): DualAddress {
  return { ipv4: addresses[name], ipv6: ipv6Addresses[name] };
}

/** Addresses of the Services that have one. */
export const clusterIps = { web: "198.19.240.10", legacy: "198.19.240.20" } as const;
/** The second addresses of these Services, which have two families. */
export const ipv6ClusterIps = { web: "2001:db8:19:240::10", legacy: "2001:db8:19:240::20" } as const;
/** Addresses of the Services `web6` and `legacy6`, which have no other. */
export const ipv6OnlyClusterIps = { web: "2001:db8:19:240::16", legacy: "2001:db8:19:240::26" } as const;

/** Ports of the node that lead to the pod `web`. */
export const nodePorts = { http: 30080, tcp: 30900 } as const;
export const hostPorts = { http: 8088, tcp: 9088 } as const;

/** The names that DNS would give, by address. */
export const hostNames: Readonly<Record<string, readonly string[]>> = {
  [clusterIps.web]: [...serviceNames("web"), "storefront.shop.svc.cluster.local"],
  [clusterIps.legacy]: serviceNames("legacy"),
  [addresses.web]: ["peers.shop.svc.cluster.local", "web-0.peers.shop.svc.cluster.local", "web-0.peers"],
  [addresses.legacy]: ["legacy-0.peers.shop.svc.cluster.local", "legacy-0.peers"],
  [addresses.outside]: ["outside.example", "partner.shop.svc.cluster.local", "partner"],
  [ipv6OnlyClusterIps.web]: serviceNames("web6"),
  [ipv6OnlyClusterIps.legacy]: serviceNames("legacy6"),
  [ipv6Addresses.web]: ["web-0.peers6.shop.svc.cluster.local"],
  [ipv6Addresses.legacy]: ["legacy-0.peers6.shop.svc.cluster.local"],
  [addresses.node]: ["meshd-default.mesh-system.svc"],
};

function serviceNames(name: string): readonly string[] {
  return [name, `${name}.shop`, `${name}.shop.svc`, `${name}.shop.svc.cluster.local`];
}
