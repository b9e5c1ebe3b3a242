import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { join } from "node:path";
import { volumeFiles } from "@meshwright/contract/volume";
import { silentLogger } from "@meshwright/log/logger";
import type { Authority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { createAuthority, createVolume } from "@meshwright/testing/volume";
import { ProxyTable } from "../../serve/proxy-table.ts";
import type { ServingCertificate } from "../../serve/serving-credentials.ts";
import type { Caller } from "../caller.ts";
import { startDebugServer } from "../debug-server.ts";
import { Registry } from "../registry.ts";
import type { Reviewer } from "../reviews.ts";
import { sourcesOf } from "../sources.ts";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A certificate and key by which to call. */
export interface Keys {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const host = "meshd-default.mesh-system.svc";
const accounts = ["system:serviceaccounts", "system:authenticated"];

/** Tokens are names here: the API server vouches for these. */
const callers: Readonly<Record<string, Caller>> = {
  operator: { username: "system:serviceaccount:meshwright-operator:operator", groups: accounts, uid: "", extra: {} },
  shop: { username: "system:serviceaccount:shop:web", groups: accounts, uid: "", extra: {} },
};

const reviewer: Reviewer = {
  reviewToken: async (token) => callers[token],
  reviewAccess: async ({ username }) => username.endsWith(":operator"),
};

/** A debug port on loopback, and clients of every kind. */
export async function startTestServer(options: { readonly requestTimeoutMs?: number } = {}) {
  const authority = await createAuthority();
  const table = new ProxyTable();
  const registry = new Registry(() => undefined);
  const ending = new AbortController();
  const answers: string[] = [];
  const server = await startDebugServer(await certificate(authority), {
    port: 0,
    host: "127.0.0.1",
    reviewer,
    trustDomain: () => "cluster.local",
    sources: sourcesOf({ table, registry, replica, clusterDomain: () => "cluster.local" }),
    onAnswer: (result) => answers.push(result),
    logger: silentLogger,
    signal: ending.signal,
    ...options,
  });
  const connection = { host: "127.0.0.1", port: server.port, servername: host, ca: authority.rootsPem };
  return {
    table,
    registry,
    answers,
    server,
    authority,
    connection,
    ask: (path: string, options: RequestOptions = {}) => askHttps({ ...connection, path, ...options }),
    /** As a token's bearer. */
    as: (token: string, path: string) =>
      askHttps({ ...connection, path, headers: { authorization: `Bearer ${token}` } }),
    renew: async (issuer: Authority) => server.update(await certificate(issuer)),
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await server.closed;
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

function replica() {
  return { kind: "replica", replica: "meshd-1", revision: "default", version: "v1.1.0", trustBundle: "hash" } as const;
}

async function certificate(authority: Authority): Promise<ServingCertificate> {
  const { certificatePem, keyPem } = await issueServing(authority, {
    dnsNames: [host],
    now: new Date(),
    lifetimeMs: 3_600_000,
  });
  return { certificate: certificatePem, privateKey: keyPem, roots: authority.rootsPem };
}

/** Keys of a workload, from some authority. */
export async function keysOf(authority: Authority, namespace: string): Promise<Keys> {
  using volume = await createVolume(authority, { trustDomain: "cluster.local", namespace, serviceAccount: "web" });
  const read = (file: string): Buffer => readFileSync(join(volume.folder, file));
  return { cert: read(volumeFiles.certificate), key: read(volumeFiles.privateKey) };
}

/** Asks once, on a connection of its own. */
export async function askHttps(options: RequestOptions): Promise<Reply> {
  const asked = request({ agent: new Agent({ maxCachedSessions: 0 }), ...options });
  asked.end();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  asked.once("response", resolve);
  asked.once("error", reject);
  const response = await promise;
  const chunks: string[] = [];
  response.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  await once(response, "end");
  return { status: response.statusCode ?? 0, headers: response.headers, body: chunks.join("") };
}
