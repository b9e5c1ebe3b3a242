import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { freePort } from "@meshwright/testing/free-port";

/** A real istiod as a process of this machine. */
export interface Istiod {
  readonly daemon: Daemon;
  /** `host:port` of its discovery service: with TLS where it was given an authority, else without. */
  readonly address: string;
}

export interface IstiodOptions {
  readonly binary: string;
  readonly kubeconfig: string;
  /** For its files. */
  readonly folder: string;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt`: it signs its own certificate and verifies clients by them. */
  readonly authority?: string;
  /** Settings beside what a process outside of a pod needs; default none. */
  readonly environment?: Readonly<Record<string, string>>;
}

export const istioNamespace = "istio-system";

/** The name in the certificate that istiod issues itself. */
export const istiodHost = `istiod.${istioNamespace}.svc`;

const readyTimeoutMs = 120_000;

/** As the chart of the default profile writes it. Source: istio.io/istio, manifests/charts/istio-control/istio-discovery */
const meshConfig = {
  trustDomain: "cluster.local",
  rootNamespace: istioNamespace,
  enablePrometheusMerge: true,
  defaultProviders: { metrics: ["prometheus"] },
  defaultConfig: { discoveryAddress: `${istiodHost}:15012` },
};

/**
 * What a process outside of a pod cannot do is switched off: webhooks, leases. What decides the configuration of sidecars
 * is left at its defaults.
 */
const outsideOfPod = {
  POD_NAMESPACE: istioNamespace,
  POD_NAME: "istiod-bench",
  REVISION: "default",
  INJECT_ENABLED: "false",
  VALIDATION_WEBHOOK_CONFIG_NAME: "",
  INJECTION_WEBHOOK_CONFIG_NAME: "",
  ENABLE_LEADER_ELECTION: "false",
};

const withoutCertificates = { ENABLE_CA_SERVER: "false", PILOT_CERT_PROVIDER: "none" };

/** Starts istiod before an API server; resolves when it has seen everything once. */
export async function startIstiod(options: IstiodOptions): Promise<Istiod> {
  const { binary, kubeconfig, folder, authority, environment = {} } = options;
  writeFileSync(join(folder, "mesh"), JSON.stringify(meshConfig));
  writeFileSync(join(folder, "networks"), "networks: {}\n");
  const [discovery, http] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const flags = {
    "--kubeconfig": kubeconfig,
    "--meshConfig": join(folder, "mesh"),
    "--networksConfig": join(folder, "networks"),
    "--grpcAddr": authority === undefined ? discovery : "",
    "--secureGRPCAddr": authority === undefined ? "" : discovery,
    "--httpAddr": http,
    "--httpsAddr": "",
    "--monitoringAddr": "127.0.0.1:0",
    "--ctrlz_port": "0",
    "--shutdownDuration": "1s",
  };
  const certificates = authority === undefined ? withoutCertificates : { ROOT_CA_DIR: authority };
  const variables = Object.entries({ ...outsideOfPod, ...certificates, ...environment });
  const args = ["discovery", ...Object.entries(flags).map(([name, value]) => `${name}=${value}`)];
  const settings = variables.map(([name, value]) => `${name}=${value}`);
  const daemon = startDaemon("env", ["-C", folder, ...settings, binary, ...args]);
  await daemon.untilReady(async () => (await fetch(`http://${http}/ready`)).ok, readyTimeoutMs);
  return { daemon, address: discovery };
}
