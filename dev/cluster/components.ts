import { join } from "node:path";
import type { ClusterPrograms } from "../binaries/cluster-programs.ts";
import { familiesOf, type Node, topology } from "./topology.ts";

export type ComponentName =
  | "etcd"
  | "apiserver"
  | "controller-manager"
  | "scheduler"
  | "containerd"
  | "kubelet"
  | "kube-proxy";

/** One long-running program of a node. */
export interface Component {
  readonly name: ComponentName;
  readonly program: string;
  readonly args: readonly string[];
}

/** The components of a control plane, in the order in which they start. */
const controlPlaneComponents: readonly ComponentName[] = ["etcd", "apiserver", "controller-manager", "scheduler"];

/** The components of every node, in the order in which they start. */
const nodeComponents: readonly ComponentName[] = ["containerd", "kubelet", "kube-proxy"];

/** Returns the names of the components that run on a node. */
export function componentsOf(node: Node, nodes: readonly Node[]): readonly ComponentName[] {
  return node.name === nodes[0]?.name ? [...controlPlaneComponents, ...nodeComponents] : nodeComponents;
}

/**
 * Renders a component's command line.
 * @param etc folder of the node's certificates, kubeconfigs and configuration files
 */
export function component(name: ComponentName, node: Node, etc: string, programs: ClusterPrograms): Component {
  const file = (path: string): string => join(etc, path);
  switch (name) {
    case "etcd":
      return { name, program: programs.etcd, args: etcdArgs(join(etc, "..", "etcd")) };
    case "apiserver":
      return { name, program: programs["kube-apiserver"], args: apiserverArgs(node, file) };
    case "controller-manager":
      return { name, program: programs["kube-controller-manager"], args: controllerManagerArgs(file) };
    case "scheduler":
      return {
        name,
        program: programs["kube-scheduler"],
        args: [`--kubeconfig=${file("scheduler.kubeconfig")}`, "--leader-elect=false"],
      };
    case "containerd":
      return { name, program: "containerd", args: ["--config", file("containerd.toml")] };
    case "kubelet":
      return { name, program: programs.kubelet, args: kubeletArgs(node, file) };
    case "kube-proxy":
      return { name, program: programs["kube-proxy"], args: [`--config=${file("kube-proxy.yaml")}`] };
  }
}

type FileIn = (path: string) => string;

function etcdArgs(dataDir: string): readonly string[] {
  return [
    `--data-dir=${dataDir}`,
    "--listen-client-urls=http://127.0.0.1:2379",
    "--advertise-client-urls=http://127.0.0.1:2379",
    "--listen-peer-urls=http://127.0.0.1:2380",
    // The data lives no longer than the cluster: waiting for the disk would only cost time.
    "--unsafe-no-fsync",
  ];
}

function apiserverArgs(node: Node, file: FileIn): readonly string[] {
  return [
    "--etcd-servers=http://127.0.0.1:2379",
    `--advertise-address=${node.address}`,
    `--secure-port=${topology.apiPort}`,
    `--tls-cert-file=${file("apiserver.crt")}`,
    `--tls-private-key-file=${file("apiserver.key")}`,
    `--client-ca-file=${file("ca.crt")}`,
    `--service-account-key-file=${file("service-account.pub")}`,
    `--service-account-signing-key-file=${file("service-account.key")}`,
    `--service-account-issuer=https://kubernetes.default.svc.${topology.clusterDomain}`,
    `--service-cluster-ip-range=${familiesOf(node)
      .map(({ serviceRange }) => serviceRange)
      .join(",")}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    // Else logs and exec resolve the node's name, which no DNS knows.
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-client-certificate=${file("apiserver-kubelet-client.crt")}`,
    `--kubelet-client-key=${file("apiserver-kubelet-client.key")}`,
    `--requestheader-client-ca-file=${file("ca.crt")}`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    `--proxy-client-cert-file=${file("front-proxy-client.crt")}`,
    `--proxy-client-key-file=${file("front-proxy-client.key")}`,
    `--audit-policy-file=${file("audit-policy.yaml")}`,
    `--audit-log-path=${auditLogPath(file(".."))}`,
    "--audit-log-maxsize=100",
    "--audit-log-maxbackup=1",
  ];
}

/** Where a node's API server writes who changed what; suites look there for changes that nobody should have made. */
export function auditLogPath(nodeDir: string): string {
  return join(nodeDir, "log", "audit.log");
}

function controllerManagerArgs(file: FileIn): readonly string[] {
  return [
    `--kubeconfig=${file("controller-manager.kubeconfig")}`,
    `--service-account-private-key-file=${file("service-account.key")}`,
    `--root-ca-file=${file("ca.crt")}`,
    `--cluster-signing-cert-file=${file("ca.crt")}`,
    `--cluster-signing-key-file=${file("ca.key")}`,
    "--use-service-account-credentials",
    "--allocate-node-cidrs=false",
    "--leader-elect=false",
  ];
}

function kubeletArgs(node: Node, file: FileIn): readonly string[] {
  return [
    `--config=${file("kubelet.yaml")}`,
    `--kubeconfig=${file("kubelet.kubeconfig")}`,
    `--hostname-override=${node.name}`,
    `--node-ip=${node.addresses.map(({ address }) => address).join(",")}`,
  ];
}
