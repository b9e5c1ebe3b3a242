import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { startApiServer } from "@meshwright/testing/api-server";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { freePort } from "@meshwright/testing/free-port";
import { kubeBinary } from "@meshwright/testing/kube-binaries";

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
  const server = await startApiServer();
  const { kubeconfig } = server;
  const client = createKubeClient({ connection: loadConnection(kubeconfig), userAgent: "test" });
  kubectl(kubeconfig, "apply", "--server-side", "-k", join(root, "deploy/kustomize/dev"));
  const [webhookPort, debugPort, monitoringPort] = [await freePort(), await freePort(), await freePort()];
  const operator = startOperator(kubeconfig, { webhookPort, debugPort, monitoringPort });
  const stop = async (): Promise<void> => {
    await operator.stop();
    await server.stop();
  };
  return { client, operator, webhookPort, debugPort, stop, reconciles: () => readReconciles(monitoringPort) };
}

function kubectl(kubeconfig: string, ...args: readonly string[]): string {
  const options = { encoding: "utf8", stdio: "pipe" } as const;
  return execFileSync(kubeBinary("kubectl"), [`--kubeconfig=${kubeconfig}`, ...args], options);
}

/** A kubeconfig with the rights that deploy/kustomize grants the operator, and no others. */
function operatorKubeconfig(kubeconfig: string): string {
  const token = operatorToken(kubeconfig);
  const config = JSON.parse(readFileSync(kubeconfig, "utf8"));
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

function startOperator(kubeconfig: string, { webhookPort, debugPort, monitoringPort }: OperatorPorts): Daemon {
  const tokenFile = join(dirname(kubeconfig), "debug-token");
  writeFileSync(tokenFile, operatorToken(kubeconfig, "--audience=meshwright-debug"));
  return startDaemon("/usr/bin/env", [
    `KUBECONFIG=${operatorKubeconfig(kubeconfig)}`,
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
