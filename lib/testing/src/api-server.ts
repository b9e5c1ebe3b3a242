import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Daemon, startDaemon } from "./daemon.ts";
import { freePort } from "./free-port.ts";
import { kubeBinary } from "./kube-binaries.ts";

export interface ApiServerOptions {
  /** More flags of kube-apiserver, as `--watch-cache=false`. */
  readonly args?: readonly string[];
}

/** A real kube-apiserver with an etcd of its own on loopback: no nodes, no controllers, every request is an admin's. */
export interface ApiServer {
  /** `https://127.0.0.1:<port>`; stays the same over a restart. */
  readonly url: string;
  /** File for kubectl and for `loadConnection`. */
  readonly kubeconfig: string;
  /** Ends the API server as a crash would; etcd stays. */
  kill(): Promise<void>;
  /** Starts the API server again on the same port; resolves when it is ready. */
  restart(): Promise<void>;
  /** Forgets all history, so that every older resourceVersion is gone once the server reads from etcd. */
  compact(): Promise<void>;
  /** Stops both and removes their files. */
  stop(): Promise<void>;
}

interface Site {
  readonly dir: string;
  readonly port: number;
  readonly etcdUrl: string;
  readonly token: string;
}

const readyTimeoutMs = 60_000;

/**
 * Starts etcd and kube-apiserver and resolves when they are ready, after about 6 s.
 *
 * Assumptions: `kubeBinary` finds both. The ServiceAccount admission plugin is off, since nothing makes the accounts.
 * Errors: rejects with the end of the log of what did not come up.
 */
export async function startApiServer({ args = [] }: ApiServerOptions = {}): Promise<ApiServer> {
  const dir = await mkdtemp(join(tmpdir(), "meshwright-api-server-"));
  const [port, etcdPort, peerPort] = [await freePort(), await freePort(), await freePort()];
  const site: Site = { dir, port, etcdUrl: `http://127.0.0.1:${etcdPort}`, token: randomUUID() };
  await writeCredentials(site);
  const etcd = await startEtcd(site, peerPort);
  let server = await startServer(site, args);
  const kubeconfig = join(dir, "kubeconfig");
  await writeFile(kubeconfig, await renderKubeconfig(site));
  return {
    url: urlOf(site),
    kubeconfig,
    kill: () => server.kill(),
    restart: async () => {
      server = await startServer(site, args);
    },
    compact: () => compact(site),
    stop: async () => {
      await server.stop();
      await etcd.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function urlOf({ port }: Site): string {
  return `https://127.0.0.1:${port}`;
}

async function writeCredentials({ dir, token }: Site): Promise<void> {
  await writeFile(join(dir, "tokens.csv"), `${token},admin,admin,system:masters\n`);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await writeFile(join(dir, "service-account.key"), privateKey.export({ type: "sec1", format: "pem" }));
}

async function startEtcd({ dir, etcdUrl }: Site, peerPort: number): Promise<Daemon> {
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const etcd = startDaemon(kubeBinary("etcd"), [
    `--data-dir=${join(dir, "etcd")}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    "--unsafe-no-fsync",
  ]);
  await etcd.untilReady(async () => (await fetch(`${etcdUrl}/readyz`)).ok, readyTimeoutMs);
  return etcd;
}

async function startServer(site: Site, args: readonly string[]): Promise<Daemon> {
  const key = join(site.dir, "service-account.key");
  const server = startDaemon(kubeBinary("kube-apiserver"), [
    `--etcd-servers=${site.etcdUrl}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${site.port}`,
    `--cert-dir=${join(site.dir, "certs")}`,
    "--service-cluster-ip-range=198.19.0.0/16",
    `--token-auth-file=${join(site.dir, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    "--disable-admission-plugins=ServiceAccount",
    "--endpoint-reconciler-type=none",
    "--allow-privileged=true",
    // A test compacts when it wants to.
    "--etcd-compaction-interval=0",
    ...args,
  ]);
  await server.untilReady(async () => (await statusOf(site, "/readyz")) === 200, readyTimeoutMs);
  return server;
}

/** The certificate that the server made for itself is its own authority. */
async function certificate({ dir }: Site): Promise<Buffer> {
  return readFile(join(dir, "certs", "apiserver.crt"));
}

async function statusOf(site: Site, path: string): Promise<number> {
  const ca = await certificate(site);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { authorization: `Bearer ${site.token}` };
  request(`${urlOf(site)}${path}`, { ca, headers, agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  })
    .on("error", reject)
    .end();
  return promise;
}

async function renderKubeconfig(site: Site): Promise<string> {
  const ca = (await certificate(site)).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
    clusters: [{ name: "test", cluster: { server: urlOf(site), "certificate-authority-data": ca } }],
    users: [{ name: "admin", user: { token: site.token } }],
  });
}

/** Source: https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/ */
async function compact({ etcdUrl }: Site): Promise<void> {
  const current = await etcdCall(etcdUrl, "maintenance/status", {});
  const revision: unknown = JSON.parse(current)?.header?.revision;
  await etcdCall(etcdUrl, "kv/compaction", { revision, physical: true });
}

async function etcdCall(etcdUrl: string, method: string, body: object): Promise<string> {
  const response = await fetch(`${etcdUrl}/v3/${method}`, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`cannot call etcd's ${method}: HTTP ${response.status} ${text}`);
  return text;
}
