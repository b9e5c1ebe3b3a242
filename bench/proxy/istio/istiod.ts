import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { freePort } from "@meshwright/testing/free-port";

/** A real istiod as a process of this machine. */
export interface Istiod {
  readonly daemon: Daemon;
  /** `host:port` of its discovery service without TLS. */
  readonly address: string;
}

export const istioNamespace = "istio-system";

const readyTimeoutMs = 120_000;

/** As the chart of the default profile writes it. Source: istio.io/istio, manifests/charts/istio-control/istio-discovery */
const meshConfig = {
  trustDomain: "cluster.local",
  rootNamespace: istioNamespace,
  enablePrometheusMerge: true,
  defaultProviders: { metrics: ["prometheus"] },
  defaultConfig: { discoveryAddress: `istiod.${istioNamespace}.svc:15012` },
};

/**
 * What a process outside of a pod cannot do is switched off: certificates, webhooks, leases. What decides the
 * configuration of sidecars is left at its defaults.
 */
const environment = {
  POD_NAMESPACE: istioNamespace,
  POD_NAME: "istiod-bench",
  REVISION: "default",
  ENABLE_CA_SERVER: "false",
  PILOT_CERT_PROVIDER: "none",
  INJECT_ENABLED: "false",
  VALIDATION_WEBHOOK_CONFIG_NAME: "",
  INJECTION_WEBHOOK_CONFIG_NAME: "",
  ENABLE_LEADER_ELECTION: "false",
  PILOT_MAX_REQUESTS_PER_SECOND: "2000",
};

/** Starts istiod before an API server; resolves when it has seen everything once. The folder is for its files. */
export async function startIstiod(binary: string, kubeconfig: string, folder: string): Promise<Istiod> {
  writeFileSync(join(folder, "mesh"), JSON.stringify(meshConfig));
  writeFileSync(join(folder, "networks"), "networks: {}\n");
  const [discovery, http] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const flags = {
    "--kubeconfig": kubeconfig,
    "--meshConfig": join(folder, "mesh"),
    "--networksConfig": join(folder, "networks"),
    "--grpcAddr": discovery,
    "--httpAddr": http,
    "--httpsAddr": "",
    "--secureGRPCAddr": "",
    "--monitoringAddr": "127.0.0.1:0",
    "--ctrlz_port": "0",
    "--shutdownDuration": "1s",
  };
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const args = ["discovery", ...Object.entries(flags).map(([name, value]) => `${name}=${value}`)];
  const daemon = startDaemon("env", ["-C", folder, ...variables, binary, ...args]);
  await daemon.untilReady(async () => (await fetch(`http://${http}/ready`)).ok, readyTimeoutMs);
  return { daemon, address: discovery };
}
