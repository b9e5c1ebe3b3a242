import { join } from "node:path";
import { stringify } from "yaml";
import { pauseImage } from "../images/names.ts";
import type { NodePaths } from "./paths.ts";
import { familiesOf, type Node, topology } from "./topology.ts";

/** Socket of the node's containerd, inside of the node's own mount namespace. */
export const containerdSocket = "/run/containerd/containerd.sock";

/** Renders a node's configuration files: name below its `etc` folder, and content. */
export function nodeConfig(node: Node, paths: NodePaths): Readonly<Record<string, string>> {
  return {
    "containerd.toml": containerdConfig(paths),
    "cni/10-lan.conflist": cniConfig(node),
    "kubelet.yaml": kubeletConfig(node, paths),
    "kube-proxy.yaml": kubeProxyConfig(node, paths),
    "audit-policy.yaml": auditPolicy(),
  };
}

/**
 * The API server writes down what our operator asks it for and changes, and what our control planes change.
 * Source: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
 */
function auditPolicy(): string {
  const changes = ["create", "update", "patch", "delete", "deletecollection"];
  const operator = "system:serviceaccount:meshwright-operator:meshwright-operator";
  return stringify({
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    // A watch is told of when it begins; all else once, when it is done.
    omitStages: ["RequestReceived"],
    rules: [
      { level: "Metadata", users: [operator], verbs: [...changes, "list"] },
      { level: "Metadata", userGroups: ["system:serviceaccounts:mesh-system"], verbs: changes },
      { level: "None" },
    ],
  });
}

function containerdConfig(paths: NodePaths): string {
  return `version = 2
root = "${paths.containerd}"
state = "/run/containerd"
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # runc may not lower a container's score below our own without CAP_SYS_RESOURCE.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/opt/cni/bin"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;
}

function cniConfig(node: Node): string {
  const ipam = {
    type: "host-local",
    dataDir: "/run/cni",
    ranges: node.addresses.map(({ podRange }) => [{ subnet: podRange }]),
    routes: familiesOf(node).map(({ everywhere }) => ({ dst: everywhere })),
  };
  // A pod that calls itself through its own Service needs the bridge to send a frame back where it came from.
  const bridge = { type: "bridge", bridge: "cni0", isGateway: true, ipMasq: false, hairpinMode: true, ipam };
  const portmap = { type: "portmap", capabilities: { portMappings: true } };
  return `${JSON.stringify({ cniVersion: "1.0.0", name: "lan", plugins: [bridge, portmap] }, null, 2)}\n`;
}

function kubeletConfig(node: Node, paths: NodePaths): string {
  return stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    failCgroupV1: false,
    failSwapOn: false,
    cgroupDriver: "cgroupfs",
    cgroupRoot: nodeCgroup(node.name),
    enforceNodeAllocatable: [],
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    volumePluginDir: "/var/lib/kubelet/volume-plugins",
    staticPodPath: "",
    clusterDNS: [topology.dnsAddress],
    clusterDomain: topology.clusterDomain,
    // Nothing outside of the cluster can be reached, so nothing outside of it is asked.
    resolvConf: "/dev/null",
    authentication: {
      x509: { clientCAFile: join(paths.etc, "ca.crt") },
      webhook: { enabled: true },
      anonymous: { enabled: false },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: join(paths.etc, "kubelet.crt"),
    tlsPrivateKeyFile: join(paths.etc, "kubelet.key"),
    // Images come from archives: one that was collected could not be pulled again.
    imageGCHighThresholdPercent: 100,
    evictionHard: { "nodefs.available": "1%", "imagefs.available": "1%", "memory.available": "50Mi" },
    // A test machine has few cores and many short pods.
    maxPods: 200,
    registryPullQPS: 0,
    serializeImagePulls: false,
  });
}

function kubeProxyConfig(node: Node, paths: NodePaths): string {
  return stringify({
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: join(paths.etc, "kube-proxy.kubeconfig") },
    mode: "iptables",
    hostnameOverride: node.name,
    // Traffic from the machine itself to a Service is masqueraded, so that the answer finds its way back.
    clusterCIDR: familiesOf(node)
      .map(({ podRange }) => podRange)
      .join(","),
    detectLocalMode: "ClusterCIDR",
    // The limit belongs to the machine, not to the node's namespace.
    conntrack: { maxPerCore: 0 },
  });
}

/** Every cgroup of the cluster is below this one, in each hierarchy. */
export const clusterCgroup = "/meshwright";

/** The cgroup that a node's kubelet takes for its root. */
export function nodeCgroup(node: string): string {
  return `${clusterCgroup}/${node}`;
}
