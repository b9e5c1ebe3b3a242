import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { leases } from "@meshwright/kube/resource-types";
import { startApiServer } from "@meshwright/testing/api-server";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { freePort } from "@meshwright/testing/free-port";
import { kubeBinary } from "@meshwright/testing/kube-binaries";
import { type Interceptor, startInterceptor } from "./interceptor.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A real API server with the operator installed as users install it, and the operator's process under its own rights. */
export interface Site {
  /** An administrator's. */
  readonly client: KubeClient;
  readonly operator: Daemon;
  /** Where the operator looks for the injection webhook; nothing listens there yet. */
  readonly webhookPort: number;
  /** Where the operator looks for the debug port of every replica; nothing listens there yet. */
  readonly debugPort: number;
  /** How many reconciles have succeeded so far. */
  reconciles(): Promise<number>;
  stop(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const { server, client, ports } = await prepareSite();
  const operator = startOperator(server.kubeconfig, ports);
  const stop = async (): Promise<void> => {
    await operator.stop();
    await server.stop();
  };
  return { client, operator, ...ports, stop, reconciles: () => readReconciles(ports.monitoringPort) };
}

/** A site whose operator can be killed at any of its writes. */
export interface WatchedSite extends Pick<Site, "client" | "webhookPort" | "stop"> {
  readonly interceptor: Interceptor;
  /** Ends the operator's process as a crash would; resolves when it is gone. */
  killOperator(): Promise<void>;
  /** Starts another, which leads at once: its predecessor's lease is taken for expired. */
  startOperator(): Promise<void>;
}

export async function startWatchedSite(): Promise<WatchedSite> {
  const { server, client, ports } = await prepareSite();
  const interceptor = await startInterceptor(server);
  let operator = startOperator(server.kubeconfig, ports, interceptor.url);
  return {
    client,
    interceptor,
    webhookPort: ports.webhookPort,
    killOperator: () => operator.kill(),
    startOperator: async () => {
      await client.delete(leases, { namespace: "meshwright-operator", name: "meshwright-operator" });
      operator = startOperator(server.kubeconfig, ports, interceptor.url);
    },
    stop: async () => {
      await operator.stop();
      await interceptor.stop();
      await server.stop();
    },
  };
}

/** An API server with everything of the operator but its process. */
async function prepareSite() {
  const server = await startApiServer();
  const { kubeconfig } = server;
  const client = createKubeClient({ connection: loadConnection(kubeconfig), userAgent: "test" });
  kubectl(kubeconfig, "apply", "--server-side", "-k", join(root, "deploy/kustomize/dev"));
  const ports = { webhookPort: await freePort(), debugPort: await freePort(), monitoringPort: await freePort() };
  return { server, client, ports };
}

function kubectl(kubeconfig: string, ...args: readonly string[]): string {
  const options = { encoding: "utf8", stdio: "pipe" } as const;
  return execFileSync(kubeBinary("kubectl"), [`--kubeconfig=${kubeconfig}`, ...args], options);
}

/**
 * A kubeconfig with the rights that deploy/kustomize grants the operator, and no others.
 *
 * @param url where the API server is to be found; left out: where it is
 */
function operatorKubeconfig(kubeconfig: string, url: string | undefined): string {
  const token = operatorToken(kubeconfig);
  const config = JSON.parse(readFileSync(kubeconfig, "utf8"));
  if (url !== undefined) config.clusters[0].cluster.server = url;
  const path = join(dirname(kubeconfig), "operator.kubeconfig");
  writeFileSync(path, JSON.stringify({ ...config, users: [{ name: "admin", user: { token } }] }));
  return path;
}

function operatorToken(kubeconfig: string, ...flags: readonly string[]): string {
  const account = "meshwright-operator";
  return kubectl(kubeconfig, "create", "token", "-n", account, account, ...flags).trim();
}

interface OperatorPorts {
  readonly webhookPort: number;
  readonly debugPort: number;
  readonly monitoringPort: number;
}

function startOperator(
  kubeconfig: string,
  { webhookPort, debugPort, monitoringPort }: OperatorPorts,
  url?: string,
): Daemon {
  const tokenFile = join(dirname(kubeconfig), "debug-token");
  writeFileSync(tokenFile, operatorToken(kubeconfig, "--audience=meshwright-debug"));
  return startDaemon("/usr/bin/env", [
    `KUBECONFIG=${operatorKubeconfig(kubeconfig, url)}`,
    process.execPath,
    join(root, "operator/src/main.ts"),
    `--monitoring-port=${monitoringPort}`,
    `--webhook-address=127.0.0.1:${webhookPort}`,
    `--debug-address=127.0.0.1:${debugPort}`,
    `--debug-token-file=${tokenFile}`,
  ]);
}

async function readReconciles(monitoringPort: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${monitoringPort}/metrics`);
  const found = /meshwright_operator_reconciles_total\{result="success"\} (\d+)/.exec(await response.text());
  return Number(found?.[1] ?? 0);
}
