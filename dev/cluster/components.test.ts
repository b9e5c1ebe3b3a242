import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ClusterPrograms } from "../binaries/cluster-programs.ts";
import { component, componentsOf } from "./components.ts";
import { nodesOf } from "./topology.ts";

const programs: ClusterPrograms = {
  coredns: "/bin/coredns",
  etcd: "/bin/etcd",
  "kube-apiserver": "/bin/kube-apiserver",
  "kube-controller-manager": "/bin/kube-controller-manager",
  "kube-proxy": "/bin/kube-proxy",
  "kube-scheduler": "/bin/kube-scheduler",
  kubectl: "/bin/kubectl",
  kubelet: "/bin/kubelet",
};
const nodes = nodesOf(2, true);
const [first, second] = nodes;
assert.ok(first !== undefined && second !== undefined);

test("only the first node runs the control plane", () => {
  assert.deepEqual(componentsOf(second, nodes), ["containerd", "kubelet", "kube-proxy"]);
  assert.deepEqual(componentsOf(first, nodes).slice(0, 2), ["etcd", "apiserver"]);
});

describe("a component's command line", () => {
  for (const name of componentsOf(first, nodes)) {
    test(`${name} reads its files from its own node's folder`, () => {
      const { args } = component(name, first, "/state/node1/etc", programs);
      const paths = args.flatMap((arg) => /(?:=|^)(\/.*)$/.exec(arg)?.[1] ?? []).filter((path) => path !== "/bin");
      assert.ok(paths.length > 0);
      assert.ok(
        paths.every((path) => path.startsWith("/state/node1/")),
        paths.join(" "),
      );
    });
  }

  test("kubelet announces the node's name and its addresses, IPv4 first", () => {
    const { args } = component("kubelet", second, "/etc", programs);
    assert.ok(args.includes("--hostname-override=node2"));
    assert.ok(args.includes("--node-ip=198.18.0.3,2001:db8:18::3"));
  });

  test("kube-apiserver gives Services IPv4 addresses, and IPv6 ones to those that ask", () => {
    const { args } = component("apiserver", first, "/etc", programs);
    assert.ok(args.includes("--service-cluster-ip-range=198.19.0.0/16,2001:db8:19::/112"));
  });

  test("a cluster without IPv6 names no IPv6 address", () => {
    for (const node of nodesOf(2, false))
      for (const name of componentsOf(node, nodes))
        assert.doesNotMatch(component(name, node, "/etc", programs).args.join(" "), /2001:/);
  });

  test("kube-apiserver reaches kubelets by address, since no DNS knows their names", () => {
    const { args } = component("apiserver", first, "/etc", programs);
    assert.ok(args.includes("--kubelet-preferred-address-types=InternalIP"));
  });
});
