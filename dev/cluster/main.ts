import { clusterPrograms } from "../binaries/cluster-programs.ts";
import { DevError } from "../command/dev-error.ts";
import { main } from "../command/main.ts";
import { createProgress } from "../progress/progress.ts";
import { boot, isApiReady } from "./boot.ts";
import { type ComponentName, componentsOf } from "./components.ts";
import { useExisting } from "./existing.ts";
import { clusterProblems, isNodeReady } from "./health.ts";
import { exclusively } from "./lock.ts";
import { stopComponent, untilWorking } from "./process.ts";
import { readCluster } from "./record.ts";
import { removeCluster } from "./teardown.ts";
import { type Node, nodesOf, topology } from "./topology.ts";
import { up } from "./up.ts";

const usage = `node dev/cluster/main.ts <command>
  up                         bring a cluster up (NODES=1..${topology.maximumNodes}; CLUSTER=existing with KUBECONFIG uses one that you have)
  down                       take it down, and leave nothing behind
  status                     say whether it is whole; exit code 1 when not
  stop <component>[@node]    end a component: etcd, apiserver, controller-manager, scheduler, containerd, kubelet, kube-proxy
  start <component>[@node]   start it again, and wait until it works`;

await main(() => command(process.argv.slice(2)));

async function command([verb = "", target]: readonly string[]): Promise<void> {
  const isExisting = process.env["CLUSTER"] === "existing";
  switch (verb) {
    case "up":
      return isExisting ? useExisting(process.env["KUBECONFIG"]) : exclusively(() => up(nodeCount()));
    case "down":
      return isExisting ? undefined : exclusively(takeDown);
    case "status":
      return status();
    case "stop":
      return exclusively(() => stop(target));
    case "start":
      return exclusively(() => start(target));
    default:
      throw new DevError("Usage", usage);
  }
}

/** NODES where it is set, else as many as the running cluster has, so that a command without it changes nothing. */
function nodeCount(): number {
  const asked = process.env["NODES"];
  if (asked === undefined || asked === "") return readCluster()?.nodes ?? 1;
  const count = Number(asked);
  if (Number.isInteger(count) && count >= 1 && count <= topology.maximumNodes) return count;
  throw new DevError("Usage", `NODES is "${asked}": set it to a number from 1 to ${topology.maximumNodes}`);
}

async function takeDown(): Promise<void> {
  await createProgress(1).step("take the cluster down", removeCluster);
}

async function status(): Promise<void> {
  const found = readCluster();
  if (found === undefined) throw new DevError("ComponentFailed", "there is no cluster: run make cluster-up");
  const problems = await clusterProblems(nodesOf(found.nodes, found.hasIpv6));
  if (problems.length > 0) throw new DevError("ComponentFailed", problems.join("\n"));
  const families = found.hasIpv6 ? "IPv4 and IPv6" : "IPv4 alone";
  console.log(`whole: ${found.nodes} node(s), ${families}, made by ${found.checkout}`);
}

async function stop(target: string | undefined): Promise<void> {
  const { node, name } = parseTarget(target);
  await stopComponent(node, name);
}

async function start(target: string | undefined): Promise<void> {
  const { node, name } = parseTarget(target);
  await boot(node, name, await clusterPrograms(createProgress()));
  await untilWorking(node, name, 60_000, () => works(node, name));
}

/** Components without a check of their own count as working once they run. */
async function works(node: Node, name: ComponentName): Promise<boolean> {
  if (name === "apiserver" || name === "etcd") return isApiReady();
  if (name === "kubelet" || name === "containerd") return isNodeReady(node);
  return true;
}

function parseTarget(target = ""): { readonly node: Node; readonly name: ComponentName } {
  const [wanted, nodeName = "node1"] = target.split("@");
  const { nodes: count, hasIpv6 } = readCluster() ?? { nodes: 1, hasIpv6: false };
  const nodes = nodesOf(count, hasIpv6);
  const node = nodes.find((candidate) => candidate.name === nodeName);
  const name = node && componentsOf(node, nodes).find((candidate) => candidate === wanted);
  if (node === undefined || name === undefined)
    throw new DevError("Usage", `there is no component "${target}"\n${usage}`);
  return { node, name };
}
