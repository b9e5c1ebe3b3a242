import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { tokenAudience } from "@meshwright/contract/identity";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { namespaces, pods, serviceAccounts } from "@meshwright/kube/resource-types";
import { silentLogger } from "@meshwright/log/logger";
import { createRegistry } from "@meshwright/metrics/registry";
import { readAuthority } from "@meshwright/pki/authority";
import { createCsr } from "@meshwright/pki/csr";
import { generateKey } from "@meshwright/pki/key";
import { createRoot } from "@meshwright/pki/root";
import { issueServing } from "@meshwright/pki/serving";
import { verifyLeaf } from "@meshwright/pki/verify-leaf";
import { callUnary } from "@meshwright/rpc-api/call-unary";
import { IstioCertificateRequestSchema, IstioCertificateService } from "@meshwright/rpc-api/gen/istio/v1/auth/ca_pb";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { registerCaMetrics } from "./ca-metrics.ts";
import { certificateService } from "./certificate-service.ts";
import { LiveValue } from "./live.ts";
import { tokenReviewer } from "./token-review.ts";

// Real API server, real tokens, real TLS, requests made by real OpenSSL.

const daySeconds = 24 * 60 * 60;
const service = grpcService(IstioCertificateService);
const dir = mkdtempSync(join(tmpdir(), "certificate-service-"));
const root = await createRoot({ now: new Date(), organization: "cluster.local" });
const key = generateKey();
const csr = await createCsr(key);

let api: ApiServer;
let kube: KubeClient;
let server: Server;
let client: Client;

before(async () => {
  api = await startApiServer();
  kube = createKubeClient({ connection: loadConnection(api.kubeconfig), userAgent: "test" });
  await makePod("shop", "web");
  await makePod("bank", "vault");
  [server, client] = await startService(kube);
});

after(async () => {
  client.close();
  server.forceShutdown();
  await api.stop();
  rmSync(dir, { recursive: true });
});

async function startService(reviewer: KubeClient): Promise<[Server, Client]> {
  const authority = new LiveValue(readAuthority(root));
  const serving = await issueServing(authority.current(), {
    dnsNames: ["localhost"],
    now: new Date(),
    lifetimeMs: 60 * 60_000,
  });
  const started = new Server();
  started.addService(
    service,
    certificateService({
      authority,
      trustDomain: () => "cluster.local",
      maxLifetimeSeconds: () => daySeconds,
      reviewToken: tokenReviewer(reviewer),
      now: () => new Date(),
      metrics: registerCaMetrics(createRegistry(), authority),
      logger: silentLogger,
    }),
  );
  const pair = { cert_chain: Buffer.from(serving.certificatePem), private_key: Buffer.from(serving.keyPem) };
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  started.bindAsync("localhost:0", ServerCredentials.createSsl(null, [pair]), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  const target = `localhost:${await promise}`;
  return [started, new Client(target, credentials.createSsl(Buffer.from(root.rootsPem)))];
}

async function makePod(namespace: string, name: string): Promise<void> {
  await kube.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await kube.create(serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name } });
  const spec = { serviceAccountName: name, containers: [{ name: "app", image: "app" }] };
  await kube.request({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/pods`,
    body: { apiVersion: "v1", kind: "Pod", metadata: { namespace, name }, spec },
  });
}

interface TokenOptions {
  readonly audience?: string;
  readonly isBound?: boolean;
}

/** Asks for a token as kubelet does. */
async function tokenOf(namespace: string, name: string, options: TokenOptions = {}): Promise<string> {
  const { audience = tokenAudience, isBound = true } = options;
  const pod = await kube.get(pods, { namespace, name });
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name, uid: pod?.metadata.uid };
  const answer = await kube.request({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: { spec: { audiences: [audience], expirationSeconds: 600, ...(isBound ? { boundObjectRef } : {}) } },
  });
  const { token } = (answer as { readonly status: { readonly token: string } }).status;
  return token;
}

/** A request of OpenSSL's with extensions. */
function opensslCsr(...extensions: readonly string[]): string {
  const args = ["req", "-new", "-nodes", "-keyout", join(dir, "key.pem"), "-subj", "/CN=admin"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const additions = extensions.flatMap((extension) => ["-addext", extension]);
  return execFileSync("openssl", [...args, ...curve, ...additions], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Wish {
  readonly token?: string;
  readonly csr?: string;
  readonly seconds?: bigint;
}

async function requestCertificate(wish: Wish): Promise<readonly string[]> {
  const metadata = new Metadata();
  if (wish.token !== undefined) metadata.set("authorization", `Bearer ${wish.token}`);
  const request = create(IstioCertificateRequestSchema, { csr: wish.csr ?? csr, validityDuration: wish.seconds ?? 0n });
  const answer = await callUnary(client, service.createCertificate, request, { metadata });
  return answer.certChain;
}

test("a pod gets a certificate for its own service account, which OpenSSL verifies", async () => {
  const chain = await requestCertificate({ token: await tokenOf("shop", "web") });
  const [leaf = ""] = chain;
  const verified = verifyLeaf({ chainPem: leaf, rootsPem: root.rootsPem, key, now: new Date() });
  assert.deepEqual(verified.uris, ["spiffe://cluster.local/ns/shop/sa/web"]);
  assert.deepEqual(chain.at(-1), root.rootsPem);
  writeFileSync(join(dir, "leaf.pem"), leaf);
  writeFileSync(join(dir, "root.pem"), root.rootsPem);
  const verify = ["verify", "-x509_strict", "-CAfile", join(dir, "root.pem"), join(dir, "leaf.pem")];
  assert.match(execFileSync("openssl", verify, { encoding: "utf8" }), /: OK/);
});

test("a subject and the caller's own name in the request are allowed, and the subject is dropped", async () => {
  const own = opensslCsr("subjectAltName=URI:spiffe://cluster.local/ns/shop/sa/web");
  const [leaf = ""] = await requestCertificate({ token: await tokenOf("shop", "web"), csr: own });
  writeFileSync(join(dir, "named.pem"), leaf);
  const show = ["x509", "-in", join(dir, "named.pem"), "-noout", "-subject", "-ext", "subjectAltName"];
  const text = execFileSync("openssl", show, { encoding: "utf8" });
  assert.match(text, /subject=\n/);
  assert.match(text, /URI:spiffe:\/\/cluster.local\/ns\/shop\/sa\/web\n/);
});

describe("refused, with field and fix:", () => {
  const cases: Record<string, { wish: () => Promise<Wish>; code: status; words: RegExp }> = {
    "no token": {
      wish: async () => ({}),
      code: status.UNAUTHENTICATED,
      words: /"authorization" is missing: send "Bearer <token>"/,
    },
    "a forged token": {
      wish: async () => ({ token: "a.b.c" }),
      code: status.UNAUTHENTICATED,
      words: /bearer token is not valid for the audience "meshwright-ca"/,
    },
    "a token for another audience": {
      wish: async () => ({ token: await tokenOf("shop", "web", { audience: "istio-ca" }) }),
      code: status.UNAUTHENTICATED,
      words: /audience "meshwright-ca"/,
    },
    "a token that is bound to no pod": {
      wish: async () => ({ token: await tokenOf("shop", "web", { isBound: false }) }),
      code: status.PERMISSION_DENIED,
      words: /not bound to a pod: send one that kubelet made/,
    },
    "a foreign SAN": {
      wish: async () => ({
        token: await tokenOf("shop", "web"),
        csr: opensslCsr("subjectAltName=URI:spiffe://cluster.local/ns/bank/sa/vault"),
      }),
      code: status.INVALID_ARGUMENT,
      words: /subjectAltName "URI:spiffe:\/\/cluster.local\/ns\/bank\/sa\/vault" .* leave it out or set it to/,
    },
    "CA:true": {
      wish: async () => ({
        token: await tokenOf("shop", "web"),
        csr: opensslCsr("basicConstraints=critical,CA:TRUE"),
      }),
      code: status.INVALID_ARGUMENT,
      words: /basicConstraints is CA:true: .* leave it out/,
    },
    "a request of a megabyte": {
      wish: async () => ({ token: await tokenOf("shop", "web"), csr: csr + "\n".repeat(1024 * 1024) }),
      code: status.INVALID_ARGUMENT,
      words: /CSR has \d+ bytes: send at most 8192/,
    },
    "two requests in one": {
      wish: async () => ({ token: await tokenOf("shop", "web"), csr: csr + csr }),
      code: status.INVALID_ARGUMENT,
      words: /found 2 PEM blocks, send exactly one/,
    },
    "a lifetime of a hundred years": {
      wish: async () => ({ token: await tokenOf("shop", "web"), seconds: 3_155_760_000n }),
      code: status.INVALID_ARGUMENT,
      words: /validity_duration is 3155760000 s: ask for at most 86400 s/,
    },
  };
  for (const [name, { wish, code, words }] of Object.entries(cases)) {
    test(name, async () => {
      await assert.rejects(requestCertificate(await wish()), (error: { code?: number; details?: string }) => {
        assert.equal(error.code, code);
        assert.match(error.details ?? "", words);
        return true;
      });
    });
  }
});

/** Asks until refused; undefined when that does not happen in time. */
async function firstRefusal(token: string, timeoutMs: number): Promise<number | undefined> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const code = await requestCertificate({ token }).then(
      () => undefined,
      (error: { code?: number }) => error.code,
    );
    if (code !== undefined) return code;
    await pause(250);
  }
  return undefined;
}

test("a token is refused once its pod is deleted", async () => {
  const token = await tokenOf("bank", "vault");
  await requestCertificate({ token });
  await kube.delete(pods, { namespace: "bank", name: "vault" }, { gracePeriodSeconds: 0 });
  // The API server caches a review's result for ten seconds.
  assert.equal(await firstRefusal(token, 30_000), status.UNAUTHENTICATED);
});

test("while the API server is down requests are refused as worth trying again", async () => {
  const token = await tokenOf("shop", "web");
  await api.kill();
  await assert.rejects(requestCertificate({ token }), { code: status.UNAVAILABLE });
  await api.restart();
  assert.ok((await requestCertificate({ token })).length > 1);
});
