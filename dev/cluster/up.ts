import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { clusterPrograms } from "../binaries/cluster-programs.ts";
import { installDebianPackages } from "../binaries/debian.ts";
import { clusterImages } from "../images/cluster-images.ts";
import { createProgress } from "../progress/progress.ts";
import { bootCluster, type Parts } from "./boot.ts";
import { component, componentsOf } from "./components.ts";
import { dnsManifest } from "./dns-manifest.ts";
import { clusterProblems } from "./health.ts";
import { whyNoIpv6 } from "./ipv6.ts";
import { nodeConfig } from "./node-config.ts";
import { nodePaths, repositoryRoot, stateDir } from "./paths.ts";
import { preflight } from "./preflight.ts";
import { type ClusterRecord, readCluster, recordCluster } from "./record.ts";
import { removeCluster } from "./teardown.ts";
import { nodesOf } from "./topology.ts";

/**
 * Brings up a cluster of so many nodes.
 *
 * Guarantees: a cluster that is whole and just as asked for is left alone; anything else that is there, half-dead or
 * made by another checkout, is removed first.
 */
export async function up(nodeCount: number): Promise<void> {
  await preflight();
  const progress = createProgress();
  await progress.step("Debian packages", installDebianPackages);
  const programs = await clusterPrograms(progress);
  const images = await progress.step("cluster images", () => clusterImages(programs.coredns));
  const noIpv6 = await whyNoIpv6();
  const hasIpv6 = noIpv6 === undefined;
  if (!hasIpv6) console.log(`the cluster has IPv4 alone: this machine's kernel ${noIpv6}`);
  const parts = { nodes: nodesOf(nodeCount, hasIpv6), programs, images };
  const wanted = { checkout: repositoryRoot, nodes: nodeCount, hasIpv6, fingerprint: fingerprint(parts) };
  const reason = await progress.step("look at the cluster", () => whyNew(wanted, parts));
  if (reason === undefined) return;
  await progress.step(`clear the ground (${reason})`, removeCluster);
  await mkdir(stateDir, { recursive: true });
  await progress.step(`cluster of ${nodeCount} node(s)`, (report) => bootCluster(parts, report));
  await recordCluster(wanted);
}

/** Says why the cluster must be made anew; undefined when what is there will do. */
async function whyNew(wanted: ClusterRecord, parts: Parts): Promise<string | undefined> {
  const found = readCluster();
  if (found === undefined) return "no whole cluster";
  if (found.checkout !== wanted.checkout) return `made by ${found.checkout}`;
  if (found.nodes !== wanted.nodes) return `it has ${found.nodes} node(s)`;
  if (found.fingerprint !== wanted.fingerprint) return "its configuration changed";
  return (await clusterProblems(parts.nodes))[0];
}

function fingerprint(parts: Parts): string {
  const files = parts.nodes.map((node) => nodeConfig(node, nodePaths(node.name)));
  const components = parts.nodes.map((node) =>
    componentsOf(node, parts.nodes).map((name) => component(name, node, nodePaths(node.name).etc, parts.programs)),
  );
  const images = parts.images.map((image) => image.fingerprint);
  const content = JSON.stringify([parts.nodes, files, components, images, dnsManifest()]);
  return createHash("sha256").update(content).digest("hex");
}
