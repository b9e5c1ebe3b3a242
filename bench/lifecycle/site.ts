import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "@meshwright/dev/cluster/paths.ts";
import { bundle } from "@meshwright/dev/images/bundle.ts";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { Mesh } from "@meshwright/operator/testdata/mesh";
import { playControllers } from "@meshwright/operator/testdata/play-controllers";
import { serveWebhook } from "@meshwright/operator/testdata/serve-webhook";
import { startApiServer } from "@meshwright/testing/api-server";
import { startDaemon } from "@meshwright/testing/daemon";
import { freePort } from "@meshwright/testing/free-port";
import { kubeBinary } from "@meshwright/testing/kube-binaries";
import { imageProcess } from "../process-image.ts";
import { auditPolicy, catalogueOf, versions } from "./settings.ts";

/** A mesh of five revisions, and the operator that looks after it. */
export interface LifecycleSite extends AsyncDisposable {
  readonly client: KubeClient;
  readonly revisions: readonly string[];
  readonly operatorPid: number;
  readonly auditLog: string;
  readonly monitoringPort: number;
}

const readyTimeoutMs = 60_000;

/** Brings it about, one version after the other, as a user would who never moves anybody. */
export async function startLifecycleSite(): Promise<LifecycleSite> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "lifecycle-")), (path) => rmSync(path, { recursive: true }));
  const [policy, auditLog] = [join(folder, "audit-policy.yaml"), join(folder, "audit.log")];
  writeFileSync(policy, auditPolicy);
  writeFileSync(join(folder, "versions.yaml"), catalogueOf(versions));
  const args = [`--audit-policy-file=${policy}`, `--audit-log-path=${auditLog}`];
  const server = stack.adopt(await startApiServer({ args }), (each) => each.stop());
  const client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "meshwright-bench" });
  const ports = { webhook: await freePort(), monitoring: await freePort() };
  kubectl(server.kubeconfig, "apply", "--server-side", "-k", join(repositoryRoot, "deploy/kustomize/dev"));
  const operator = stack.adopt(await startOperator(server.kubeconfig, { folder, ...ports }), (each) => each.stop());
  const end = stack.adopt(new AbortController(), (controller) => controller.abort());
  const revisions = await makeRevisions(client, { stack, webhookPort: ports.webhook, signal: end.signal });
  const owned = stack.move();
  return {
    client,
    revisions,
    operatorPid: operator.pid,
    auditLog,
    monitoringPort: ports.monitoring,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Around {
  readonly stack: AsyncDisposableStack;
  readonly webhookPort: number;
  readonly signal: AbortSignal;
}

async function makeRevisions(client: KubeClient, { stack, webhookPort, signal }: Around): Promise<readonly string[]> {
  const revisions = versions.map((version) => `default-${version.replaceAll(".", "-")}`);
  const mesh = new Mesh(client);
  const updateStrategy = { type: "RevisionBased", inactiveRevisionDeletionGracePeriodSeconds: 3_600 };
  await mesh.install("default", { version: versions[0], updateStrategy });
  await mesh.seen("the certificate authority", () => mesh.exists("Secret", "meshwright-ca", "mesh-system"), Boolean);
  stack.adopt(await serveWebhook({ client, webhookPort }, ...revisions), (webhook: Server) => void webhook.close());
  void playControllers(client, "mesh-system", signal).catch(() => undefined);
  for (const [index, version] of versions.entries()) {
    await mesh.patchSpec("default", { version });
    const active = async () => (await mesh.read("default")).status?.activeRevision;
    await mesh.seen(`the mesh at ${version}`, active, (revision) => revision === revisions[index]);
  }
  return revisions;
}

interface OperatorPlace {
  readonly folder: string;
  readonly webhook: number;
  readonly monitoring: number;
}

/** The bundled process, as its image starts it, with the rights that it is installed with. */
async function startOperator(kubeconfig: string, { folder, webhook, monitoring }: OperatorPlace) {
  const program = join(await bundle("operator"), "main.mjs");
  const account = "meshwright-operator";
  const token = (...flags: readonly string[]): string =>
    kubectl(kubeconfig, "create", "token", "-n", account, account, "--duration=24h", ...flags).trim();
  const config = JSON.parse(readFileSync(kubeconfig, "utf8"));
  const own = join(folder, "operator.kubeconfig");
  writeFileSync(own, JSON.stringify({ ...config, users: [{ name: "admin", user: { token: token() } }] }));
  writeFileSync(join(folder, "debug-token"), token("--audience=meshwright-debug"));
  const flags = {
    "--monitoring-port": monitoring,
    "--webhook-address": `127.0.0.1:${webhook}`,
    // Nobody listens there: no proxies are connected in this benchmark, and what is silent is not counted.
    "--debug-address": `127.0.0.1:${webhook}`,
    "--debug-token-file": join(folder, "debug-token"),
    "--versions-file": join(folder, "versions.yaml"),
  };
  const image = imageProcess();
  const line = [...image.nodeOptions, program, ...Object.entries(flags).map(([name, value]) => `${name}=${value}`)];
  const daemon = startDaemon(process.execPath, line, { ...image.environment, KUBECONFIG: own });
  await daemon.untilReady(async () => (await fetch(`http://127.0.0.1:${monitoring}/ready`)).ok, readyTimeoutMs);
  return daemon;
}

function kubectl(kubeconfig: string, ...args: readonly string[]): string {
  const options = { encoding: "utf8", stdio: "pipe" } as const;
  return execFileSync(kubeBinary("kubectl"), [`--kubeconfig=${kubeconfig}`, ...args], options);
}
