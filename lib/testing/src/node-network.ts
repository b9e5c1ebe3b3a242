import { NetworkNamespace } from "./network-namespace.ts";

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
  /** The node's own address. */
  readonly address: string;
  readonly #stack = new DisposableStack();
  #pods = 0;

  constructor(name: string, address: string) {
    this.address = address;
    this.namespace = this.#stack.use(new NetworkNamespace(name));
    this.namespace.ip(`address add ${address}/32 dev lo`);
    this.namespace.sysctl("net/ipv4/ip_forward", "1");
  }

  /** Adds a pod's network with one IPv4 address. */
  addPod(name: string, address: string): NetworkNamespace {
    const pod = this.#stack.use(new NetworkNamespace(name));
    const cable = `pod${++this.#pods}`;
    this.namespace.ip(`link add ${cable} type veth peer name eth0 netns ${name}`);
    this.namespace.ip(`link set ${cable} up`);
    this.namespace.ip(`route add ${address}/32 dev ${cable}`);
    pod.ip(`address add ${address}/32 dev eth0`);
    pod.ip("link set eth0 up");
    pod.ip(`route add ${this.address}/32 dev eth0 scope link`);
    pod.ip(`route add default via ${this.address} dev eth0`);
    // Container runtimes do so too: pods may listen on any port.
    pod.sysctl("net/ipv4/ip_unprivileged_port_start", "0");
    return pod;
  }

  /** Leads connections of pods and of the outside on, as kube-proxy does for ClusterIPs and node ports. */
  forward(forwards: readonly PortForward[]): void {
    const rules = forwards.map(
      ({ address, port, to }) => `ip daddr ${address} tcp dport ${port} dnat to ${to.address}:${to.port}`,
    );
    const chain = ["type nat hook prerouting priority -100;", ...rules].join("\n");
    this.namespace.loadRules(`table ip services {\nchain prerouting {\n${chain}\n}\n}\n`);
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}
