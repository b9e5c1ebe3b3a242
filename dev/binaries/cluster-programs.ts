import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Progress, StepReport } from "../progress/progress.ts";
import { cached } from "./cache.ts";
import { goBuild } from "./go-build.ts";
import { versions } from "./versions.ts";

/** The programs built from Go modules that make a cluster. */
type ClusterProgram =
  | "coredns"
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-proxy"
  | "kube-scheduler"
  | "kubectl"
  | "kubelet";

/** Absolute path of each program. */
export type ClusterPrograms = Readonly<Record<ClusterProgram, string>>;

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-proxy",
  "kube-scheduler",
  "kubectl",
  "kubelet",
] as const;

/** Without a stamped version kube-apiserver announces v0.0.0, which clients refuse to compare with. */
const kubernetesLdflags = [
  "-s -w",
  `-X k8s.io/component-base/version.gitVersion=v${versions.kubernetes}`,
  `-X k8s.io/client-go/pkg/version.gitVersion=v${versions.kubernetes}`,
].join(" ");

/** Returns the paths of the cluster's programs, building those that are not cached: about ten minutes the first time. */
export async function clusterPrograms(progress: Progress): Promise<ClusterPrograms> {
  const kubernetes = await progress.step(`Kubernetes ${versions.kubernetes}`, kubernetesDir);
  const etcd = await progress.step(`etcd ${versions.etcd}`, etcdDir);
  const coredns = await progress.step(`CoreDNS ${versions.coredns}`, corednsDir);
  return {
    coredns: join(coredns, "coredns"),
    etcd: join(etcd, "etcd"),
    "kube-apiserver": join(kubernetes, "kube-apiserver"),
    "kube-controller-manager": join(kubernetes, "kube-controller-manager"),
    "kube-proxy": join(kubernetes, "kube-proxy"),
    "kube-scheduler": join(kubernetes, "kube-scheduler"),
    kubectl: join(kubernetes, "kubectl"),
    kubelet: join(kubernetes, "kubelet"),
  };
}

function kubernetesDir(report: StepReport): Promise<string> {
  const packages = kubernetesPrograms.map((name) => `k8s.io/kubernetes/cmd/${name}`);
  return cached(`kubernetes-${versions.kubernetes}`, (dir) =>
    goBuild({ module: "kubernetes", packages, ldflags: kubernetesLdflags }, dir, report),
  );
}

function etcdDir(report: StepReport): Promise<string> {
  return cached(`etcd-${versions.etcd}`, async (dir) => {
    const packages = ["go.etcd.io/etcd/server/v3"];
    await goBuild({ module: "etcd", packages, ldflags: "-s -w" }, dir, report);
    // Go names a program after the last element of its package that is not a version.
    await rename(join(dir, "server"), join(dir, "etcd"));
  });
}

function corednsDir(report: StepReport): Promise<string> {
  return cached(`coredns-${versions.coredns}`, (dir) =>
    goBuild({ module: "coredns", packages: ["."], ldflags: "-s -w" }, dir, report),
  );
}
