import { isIPv6 } from "node:net";
import { NetworkNamespace } from "./network-namespace.ts";

/** One address of each family. */
export interface DualAddress {
  readonly ipv4: string;
  readonly ipv6: string;
}

/** An address and port that leads to another, as kube-proxy makes it of a Service. */
export interface PortForward {
  readonly address: string;
  readonly port: number;
  readonly to: { readonly address: string; readonly port: number };
}

/**
 * The network of a node: its pods are joined to it by a cable each and reach one another only through it, as behind the
 * CNI plugin `ptp`. Disposing removes it and its pods.
 */
export class NodeNetwork implements Disposable {
  readonly namespace: NetworkNamespace;
  /** The node's own addresses. */
  readonly addresses: DualAddress;
  readonly #stack = new DisposableStack();
  #pods = 0;

  constructor(name: string, addresses: DualAddress) {
    this.addresses = addresses;
    this.namespace = this.#stack.use(namespaceAtOnce(name));
    this.namespace.ip(`address add ${addresses.ipv4}/32 dev lo`);
    this.namespace.sysctl("net/ipv4/ip_forward", "1");
    this.namespace.sysctl("net/ipv6/conf/all/forwarding", "1");
  }

  /** Adds a pod's network. */
  addPod(name: string, addresses: DualAddress): NetworkNamespace {
    const pod = this.#stack.use(namespaceAtOnce(name));
    const cable = `pod${++this.#pods}`;
    this.namespace.ip(`link add ${cable} type veth peer name eth0 netns ${name}`);
    this.namespace.ip(`link set ${cable} up`);
    // Of an IPv6 address only the cable answers on which it stands.
    this.namespace.ip(`address add ${this.addresses.ipv6}/128 dev ${cable} nodad`);
    pod.ip("link set eth0 up");
    for (const [family, bits] of [
      ["ipv4", 32],
      ["ipv6", 128],
    ] as const) {
      const [own, node] = [addresses[family], this.addresses[family]];
      this.namespace.ip(`route add ${own}/${bits} dev ${cable}`);
      pod.ip(`address add ${own}/${bits} dev eth0${family === "ipv6" ? " nodad" : ""}`);
      pod.ip(`route add ${node}/${bits} dev eth0 scope link`);
      pod.ip(`route add default via ${node} dev eth0`);
    }
    // Container runtimes do so too: pods may listen on any port.
    pod.sysctl("net/ipv4/ip_unprivileged_port_start", "0");
    return pod;
  }

  /** Leads connections of pods and of the outside on, as kube-proxy does for ClusterIPs and node ports. */
  forward(forwards: readonly PortForward[]): void {
    const rules = forwards.map(({ address, port, to }) =>
      isIPv6(address)
        ? `ip6 daddr ${address} tcp dport ${port} dnat ip6 to [${to.address}]:${to.port}`
        : `ip daddr ${address} tcp dport ${port} dnat ip to ${to.address}:${to.port}`,
    );
    const chain = ["type nat hook prerouting priority -100;", ...rules].join("\n");
    this.namespace.loadRules(`table inet services {\nchain prerouting {\n${chain}\n}\n}\n`);
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}

/** A network whose links can be used at once: to look for duplicates of a link's IPv6 address takes the kernel over a second. */
function namespaceAtOnce(name: string): NetworkNamespace {
  const namespace = new NetworkNamespace(name);
  namespace.sysctl("net/ipv6/conf/default/accept_dad", "0");
  return namespace;
}
