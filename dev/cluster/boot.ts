import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ClusterPrograms } from "../binaries/cluster-programs.ts";
import { until } from "../command/until.ts";
import type { BuiltImage } from "../images/built-image.ts";
import { loadImages } from "../images/load.ts";
import type { StepReport } from "../progress/progress.ts";
import { createCgroups } from "./cgroup.ts";
import { type ComponentName, component } from "./components.ts";
import { writeCredentials } from "./credentials.ts";
import { dnsManifest } from "./dns-manifest.ts";
import { clusterProblems, isDnsReady, isNodeReady } from "./health.ts";
import { kubectl, tryKubectl } from "./kubectl.ts";
import { createNetwork } from "./network.ts";
import { containerdSocket, nodeConfig } from "./node-config.ts";
import { startNode } from "./node-shell.ts";
import { nodePaths } from "./paths.ts";
import { inside, startComponent, untilWorking } from "./process.ts";
import type { Node } from "./topology.ts";

/** What a cluster is made of. */
export interface Parts {
  readonly nodes: readonly Node[];
  readonly programs: ClusterPrograms;
  readonly images: readonly BuiltImage[];
}

/** Longest times seen were a fifth of it; a busy CI machine may need more. */
const deadlineMs = 60_000;

/**
 * Boots a cluster on a machine that has none.
 *
 * Errors: DevError `ComponentFailed` names the component and shows the end of its log.
 */
export async function bootCluster(parts: Parts, report: StepReport): Promise<void> {
  report.at(0, "network and credentials");
  await createCgroups(parts.nodes);
  await createNetwork(parts.nodes);
  await writeCredentials(parts.nodes, new Date());
  for (const node of parts.nodes) {
    await writeConfig(node);
    await startNode(node);
  }
  report.at(0.2, "control plane");
  await Promise.all([bootControlPlane(parts), ...parts.nodes.map((node) => bootRuntime(node, parts))]);
  report.at(0.6, "nodes");
  await Promise.all(parts.nodes.map((node) => bootNode(node, parts)));
  report.at(0.8, "cluster DNS");
  await kubectl(["apply", "--server-side", "-f", "-"], dnsManifest());
  await until("cluster DNS (kubectl -n kube-system describe pod -l k8s-app=kube-dns)", deadlineMs, isDnsReady);
  await until("all of the cluster at once", deadlineMs, async () => (await clusterProblems(parts.nodes)).length === 0);
}

async function writeConfig(node: Node): Promise<void> {
  const paths = nodePaths(node.name);
  await rm(paths.log, { recursive: true, force: true });
  for (const [file, content] of Object.entries(nodeConfig(node, paths))) {
    const path = join(paths.etc, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

async function bootControlPlane(parts: Parts): Promise<void> {
  const [node] = parts.nodes;
  if (node === undefined) return;
  await boot(node, "etcd", parts.programs);
  await boot(node, "apiserver", parts.programs);
  await untilWorking(node, "apiserver", deadlineMs, isApiReady);
  for (const name of ["controller-manager", "scheduler"] as const) await boot(node, name, parts.programs);
}

export async function isApiReady(): Promise<boolean> {
  return (await tryKubectl(["get", "--raw", "/readyz"])).code === 0;
}

async function bootRuntime(node: Node, parts: Parts): Promise<void> {
  await boot(node, "containerd", parts.programs);
  await untilWorking(node, "containerd", deadlineMs, () => isContainerdReady(node));
  await loadImages(node, parts.images);
}

async function isContainerdReady(node: Node): Promise<boolean> {
  return inside(node, ["ctr", "--address", containerdSocket, "version"]).then(
    () => true,
    () => false, // it does not listen yet; untilWorking notices when it has ended
  );
}

async function bootNode(node: Node, parts: Parts): Promise<void> {
  await boot(node, "kubelet", parts.programs);
  await boot(node, "kube-proxy", parts.programs);
  await untilWorking(node, "kubelet", deadlineMs, () => isNodeReady(node));
}

/** Starts one component of a node, as the cluster is configured. */
export async function boot(node: Node, name: ComponentName, programs: ClusterPrograms): Promise<void> {
  await startComponent(node, component(name, node, nodePaths(node.name).etc, programs));
}
