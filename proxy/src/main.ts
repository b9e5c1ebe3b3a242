import { join } from "node:path";
import { parseArgs } from "node:util";
import { ports } from "@meshwright/contract/ports";
import { csiDriverName } from "@meshwright/contract/volume";
import { logCrashes } from "@meshwright/log/crashes";
import { createLogger } from "@meshwright/log/logger";
import { type Readiness, startMonitoring } from "@meshwright/metrics/monitoring-server";
import { createRegistry } from "@meshwright/metrics/registry";
import { z } from "zod";
import { Agent } from "./agent/agent.ts";
import { registerAgentMetrics } from "./agent/agent-metrics.ts";
import { createCertificateClient } from "./agent/certificate-client.ts";
import { kernelIpStack } from "./agent/ip-stack.ts";
import { readNameservers } from "./agent/nameservers.ts";
import { type Cni, endCni, startCni } from "./cni/cni.ts";
import { startDriver } from "./csi/driver.ts";
import type { RegistrationState } from "./csi/registration.ts";
import { socketLost } from "./csi/socket-guard.ts";

const environment = z.object({
  /** Name of this node, which is the driver's node id. */
  NODE_NAME: z.string().min(1),
  /** Namespace of the agent, in which every revision's control plane runs too. */
  POD_NAMESPACE: z.string().min(1),
  MESHWRIGHT_VERSION: z.string().default("development"),
});

const { values: flags } = parseArgs({
  options: {
    "kubelet-dir": { type: "string", default: "/var/lib/kubelet" },
    /** Default: `plugins/<driver>` below the kubelet's folder. */
    "driver-dir": { type: "string" },
    /** The node's folder of CNI plugins; default: none, and pods must redirect themselves. */
    "cni-bin-dir": { type: "string" },
    /** The node's CNI configuration. */
    "cni-conf-dir": { type: "string", default: "/etc/cni/net.d" },
    /** Takes the CNI plugin out of those folders instead; for when no pod needs it any more. */
    "cni-remove": { type: "boolean", default: false },
    "cni-program": { type: "string", default: "/usr/local/bin/meshwright-cni" },
    "root-file": { type: "string", default: "/etc/meshwright-root/ca.crt" },
    "monitoring-port": { type: "string", default: String(ports.monitoring) },
  },
});

const logger = createLogger("node-agent");
logCrashes(logger);
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());

const { NODE_NAME: nodeName, POD_NAMESPACE: namespace, MESHWRIGHT_VERSION: version } = environment.parse(process.env);
const kubeletDir = flags["kubelet-dir"];
const registry = createRegistry();
const stack = await kernelIpStack();
const agent: Agent = new Agent({
  client: createCertificateClient({ namespace, rootFile: flags["root-file"] }),
  controlPlaneNamespace: namespace,
  stack,
  nameservers: await readNameservers(stack),
  now: () => new Date(),
  random: Math.random,
  metrics: registerAgentMetrics(registry, () => agent.holdings()),
  logger,
});
const driverDir = flags["driver-dir"] ?? join(kubeletDir, "plugins", csiDriverName);
const cni = await serveCni(kubeletDir, join(driverDir, "cni.sock"));
const ensureCni = cni?.ensureInstalled ?? refuseCni;
const driver = await startDriver({ agent, kubeletDir, driverDir, nodeName, version, ensureCni, logger });
void driver.socketLost.then(startAnew);
const monitoring = await startMonitoring({
  port: Number(flags["monitoring-port"]),
  ready: () => readiness(driver.registration(), cni?.problem()),
  registry,
  signal: stop.signal,
});
logger.info({ version, node: nodeName, kubeletDir }, "node agent started");
await monitoring.done;
// Together: a first certificate that is still being tried for would hold the driver back.
await Promise.all([driver.stop(), agent.close(), cni?.[Symbol.asyncDispose]()]);
logger.info({}, "node agent stopped");

async function serveCni(kubeletDir: string, socket: string): Promise<Cni | undefined> {
  const { "cni-bin-dir": binDir, "cni-conf-dir": confDir, "cni-program": program } = flags;
  if (binDir === undefined) return undefined;
  const folders = { binDir, confDir };
  if (flags["cni-remove"]) return endCni(folders, logger);
  const cni = await startCni({ socket, kubeletDir, folders, program, logger });
  void socketLost([socket], stop.signal).then(startAnew);
  return cni;
}

async function refuseCni(): Promise<void> {
  throw new Error("the node agent runs without --cni-bin-dir");
}

function startAnew(lostSocket: string): void {
  logger.error({ path: lostSocket }, "socket taken away, starting anew");
  process.exitCode = 1;
  stop.abort();
}

/** A node whose CNI plugin is not as it should be is not ready, so that a change of mode is known to have reached all nodes. */
function readiness(state: RegistrationState, cniProblem: string | undefined): Readiness {
  if (cniProblem !== undefined) return cniProblem;
  switch (state.kind) {
    case "registered":
      return true;
    case "waiting":
      return "kubelet has not registered the driver yet";
    case "refused":
      return `kubelet refused the driver: ${state.error}`;
  }
}
