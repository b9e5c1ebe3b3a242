import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { silentLogger } from "@meshwright/log/logger";
import { type Authority, readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import { issueServing, type KeyPair } from "@meshwright/pki/serving";
import { LiveValue } from "../ca/live.ts";
import { inject, type Outcome } from "./inject/inject.ts";
import type { Pod } from "./inject/pod.ts";
import { startWebhookServer, type WebhookServer } from "./webhook-server.ts";

const dnsName = "meshd-default.mesh-system.svc";
const files = await createRoot({ now: new Date(), organization: "cluster.local" });
const authority: Authority = readAuthority(files);
const settings = { mesh: defaultMeshConfig("default", "proxy:1"), nativeSidecars: true };

const keyPair = (): Promise<KeyPair> =>
  issueServing(authority, { dnsNames: [dnsName], now: new Date(), lifetimeMs: 3_600_000 });

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Serial number of the certificate that the server showed. */
  readonly serial: string;
}

let server: WebhookServer;
let certificate: LiveValue<KeyPair>;
let stop: AbortController;
let outcome: (pod: Pod, namespace: string) => Outcome;

beforeEach(async () => {
  stop = new AbortController();
  certificate = new LiveValue(await keyPair());
  outcome = (pod, name) => inject(pod, { name, labels: { "istio-injection": "enabled" } }, settings);
  server = await startWebhookServer({
    port: 0,
    host: "127.0.0.1",
    certificate,
    inject: (pod, namespace) => outcome(pod, namespace),
    logger: silentLogger,
    signal: stop.signal,
  });
});

afterEach(async () => {
  stop.abort();
  await server.closed;
});

/** Asks as the API server does: with the root as caBundle and the Service's name. */
async function ask(options: RequestOptions, body: string | Buffer = ""): Promise<Answer> {
  const asked = httpsRequest({
    host: "127.0.0.1",
    port: server.port,
    servername: dnsName,
    ca: files.rootsPem,
    agent: new Agent({ maxCachedSessions: 0 }),
    ...options,
  });
  asked.end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
  const text = (await response.toArray()).join("");
  return { status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) as unknown, serial };
}

const json = { "content-type": "application/json" };

function review(pod: unknown): string {
  return JSON.stringify({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: { uid: "1-2-3", namespace: "shop", resource: { group: "", version: "v1", resource: "pods" }, object: pod },
  });
}

const post = (body: string | Buffer, headers: Record<string, string> = json): Promise<Answer> =>
  ask({ method: "POST", path: "/inject?timeout=10s", headers }, body);

const pod = { metadata: { name: "web" }, spec: { containers: [{ name: "web" }] } };

describe("the injection webhook", () => {
  test("answers a pod with a base64 JSON Patch", async () => {
    const { status, body } = await post(review(pod));
    assert.equal(status, 200);
    const { response } = body as { response: { uid: string; allowed: boolean; patchType: string; patch: string } };
    const patch = JSON.parse(Buffer.from(response.patch, "base64").toString()) as { path: string }[];
    assert.deepEqual([response.uid, response.allowed, response.patchType], ["1-2-3", true, "JSONPatch"]);
    assert.ok(patch.some(({ path }) => path === "/spec/initContainers"));
  });

  test("allows a pod that gets no sidecar, without a patch", async () => {
    const { body } = await post(review({ ...pod, spec: { ...pod.spec, hostNetwork: true } }));
    assert.deepEqual(body, {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: "1-2-3", allowed: true },
    });
  });

  test("denies a pod that cannot be injected, saying which field and what to do", async () => {
    const { status, body } = await post(review({ ...pod, spec: { containers: [{ name: "istio-proxy" }] } }));
    const { response } = body as { response: { allowed: boolean; status: { message: string } } };
    assert.equal(status, 200);
    assert.equal(response.allowed, false);
    assert.match(response.status.message, /spec\.containers\[0\]\.name "istio-proxy".*rename it/);
  });

  test("passes on warnings", async () => {
    const annotations = { "sidecar.istio.io/proxyCPU": "1" };
    const { body } = await post(review({ ...pod, metadata: { name: "web", annotations } }));
    const { response } = body as { response: { warnings: string[] } };
    assert.equal(response.warnings.length, 1);
  });

  test("is ready when it listens", async () => assert.equal((await ask({ path: "/ready" })).status, 200));

  test("shows a renewed certificate on new connections", async () => {
    const before = await ask({ path: "/ready" });
    certificate.set(await keyPair());
    const after = await ask({ path: "/ready" });
    assert.notEqual(after.serial, before.serial);
  });

  test("ends at the signal, also while connections are idle", async () => {
    const agent = new Agent({ keepAlive: true });
    await ask({ path: "/ready", agent });
    stop.abort();
    await server.closed;
    agent.destroy();
  });
});

describe("a wrong request", () => {
  const rows: Record<string, { options?: RequestOptions; body?: string | Buffer; status: number }> = {
    "for another path is not found": { options: { path: "/mutate" }, status: 404 },
    "with another method is not allowed": { options: { method: "PUT" }, status: 405 },
    "of another type is not supported": { options: { headers: { "content-type": "text/yaml" } }, status: 415 },
    "of no type is not supported": { options: { headers: {} }, status: 415 },
    "over 3 MiB is too large": { body: review({ ...pod, junk: "x".repeat(3 * 1024 * 1024) }), status: 413 },
    "without a body is bad": { body: "", status: 400 },
    "that is not JSON is bad": { body: "{", status: 400 },
    "that is not UTF-8 is bad": { body: Buffer.from([0x22, 0xff, 0x22]), status: 400 },
    "that is another JSON is bad": { body: "null", status: 400 },
    "nested a million deep is bad": { body: "[".repeat(1_000_000), status: 400 },
    "about another kind is bad": { body: review(pod).replace('"pods"', '"services"'), status: 400 },
    "of an older version is bad": { body: review(pod).replace("k8s.io/v1", "k8s.io/v1beta1"), status: 400 },
    "without a pod is bad": { body: review(undefined), status: 400 },
    "with containers of another shape is bad": {
      body: review({ metadata: {}, spec: { containers: {} } }),
      status: 400,
    },
  };
  for (const [name, { options, body = review(pod), status }] of Object.entries(rows)) {
    test(name, async () => {
      const answer = await ask({ method: "POST", path: "/inject", headers: json, ...options }, body);
      assert.equal(answer.status, status);
      assert.equal((await ask({ path: "/ready" })).status, 200, "the server lives on");
    });
  }

  test("in plain HTTP is cut off, and the server lives on", async () => {
    const plain = request({ host: "127.0.0.1", port: server.port, path: "/ready" });
    plain.end();
    await assert.rejects(once(plain, "response"));
    assert.equal((await ask({ path: "/ready" })).status, 200);
  });

  test("with a key named __proto__ changes no prototype", async () => {
    const body = review(pod).replace('"metadata":{', '"metadata":{"labels":{"__proto__":{"app":"evil"}},');
    await post(body);
    assert.equal(({} as Record<string, unknown>)["app"], undefined);
  });
});

test("a failure inside is a 500 that does not say more than the log", async () => {
  outcome = () => {
    throw new Error("secret detail");
  };
  const { status, body } = await post(review(pod));
  assert.equal(status, 500);
  assert.doesNotMatch(JSON.stringify(body), /secret/);
});
