import { componentsOf } from "./components.ts";
import { tryKubectl } from "./kubectl.ts";
import { isRunning } from "./process.ts";
import type { Node } from "./topology.ts";

/** Returns what is wrong with a cluster, in words; nothing when it is whole. */
export async function clusterProblems(nodes: readonly Node[]): Promise<readonly string[]> {
  const ended = (await Promise.all(nodes.map((node) => endedComponents(node, nodes)))).flat();
  if (ended.length > 0) return ended;
  const checks = [apiProblem(), ...nodes.map((node) => nodeProblem(node)), dnsProblem()];
  return (await Promise.all(checks)).filter((problem) => problem !== undefined);
}

async function endedComponents(node: Node, nodes: readonly Node[]): Promise<readonly string[]> {
  const names = componentsOf(node, nodes);
  const running = await Promise.all(names.map((name) => isRunning(node, name)));
  return names.filter((_, index) => running[index] === false).map((name) => `${name} on ${node.name} is not running`);
}

async function apiProblem(): Promise<string | undefined> {
  const { code, stderr } = await tryKubectl(["get", "--raw", "/readyz"]);
  return code === 0 ? undefined : `the API server is not ready: ${stderr}`;
}

async function nodeProblem(node: Node): Promise<string | undefined> {
  return (await isNodeReady(node)) ? undefined : `${node.name} is not Ready`;
}

export async function isNodeReady(node: Node): Promise<boolean> {
  const ready = "jsonpath={.status.conditions[?(@.type=='Ready')].status}";
  return (await tryKubectl(["get", "node", node.name, "-o", ready])).stdout === "True";
}

async function dnsProblem(): Promise<string | undefined> {
  return (await isDnsReady()) ? undefined : "cluster DNS has no ready replica";
}

export async function isDnsReady(): Promise<boolean> {
  const replicas = "jsonpath={.status.readyReplicas}";
  const { stdout } = await tryKubectl(["-n", "kube-system", "get", "deployment", "coredns", "-o", replicas]);
  return Number(stdout) > 0;
}
