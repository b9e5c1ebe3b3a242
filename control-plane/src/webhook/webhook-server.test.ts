import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { Agent, type RequestOptions } from "node:https";
import { afterEach, beforeEach, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { inject, type Outcome } from "./inject/inject.ts";
import type { Pod } from "./inject/pod.ts";
import type { SkipNotice } from "./inject/skip-notice.ts";
import { json, review, startTestWebhook, type TestWebhook } from "./testdata/test-webhook.ts";

const settings = { mesh: defaultMeshConfig("default", "proxy:1"), nativeSidecars: true };
const decide = (pod: Pod, name: string): Outcome =>
  inject(pod, { name, labels: { "istio-injection": "enabled" } }, settings);

let webhook: TestWebhook;

beforeEach(async () => {
  webhook = await startTestWebhook({ inject: decide });
});

afterEach(() => webhook[Symbol.asyncDispose]());

const pod = { metadata: { name: "web" }, spec: { containers: [{ name: "web" }] } };

describe("the injection webhook", () => {
  test("answers a pod with a base64 JSON Patch", async () => {
    const { status, body } = await webhook.post(review(pod));
    assert.equal(status, 200);
    const { response } = body as { response: { uid: string; allowed: boolean; patchType: string; patch: string } };
    const patch = JSON.parse(Buffer.from(response.patch, "base64").toString()) as { path: string }[];
    assert.deepEqual([response.uid, response.allowed, response.patchType], ["1-2-3", true, "JSONPatch"]);
    assert.ok(patch.some(({ path }) => path === "/spec/initContainers"));
  });

  test("allows a pod that wants no sidecar, without a word", async () => {
    const { body } = await webhook.post(
      review({ ...pod, metadata: { labels: { "sidecar.istio.io/inject": "false" } } }),
    );
    assert.deepEqual(body, {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: "1-2-3", allowed: true },
    });
  });

  test("says why a pod that wants a sidecar gets none", async () => {
    const { body } = await webhook.post(review({ ...pod, spec: { ...pod.spec, hostNetwork: true } }));
    const { response } = body as { response: { allowed: boolean; warnings: string[] } };
    assert.equal(response.allowed, true);
    assert.match(response.warnings.join(), /no sidecar is injected: .*spec.hostNetwork/);
  });

  test("denies a pod that cannot be injected, saying which field and what to do", async () => {
    const { status, body } = await webhook.post(review({ ...pod, spec: { containers: [{ name: "istio-init" }] } }));
    const { response } = body as { response: { allowed: boolean; status: { message: string } } };
    assert.equal(status, 200);
    assert.equal(response.allowed, false);
    assert.match(response.status.message, /spec\.containers\[0\]\.name "istio-init".*rename it/);
  });

  test("passes on warnings", async () => {
    const annotations = { "sidecar.istio.io/bootstrapOverride": "own" };
    const { body } = await webhook.post(review({ ...pod, metadata: { name: "web", annotations } }));
    const { response } = body as { response: { warnings: string[] } };
    assert.equal(response.warnings.length, 1);
  });

  test("is ready when it listens", async () => assert.equal((await webhook.ask({ path: "/ready" })).status, 200));

  test("shows a renewed certificate on new connections", async () => {
    const before = await webhook.ask({ path: "/ready" });
    await webhook.renewCertificate();
    const after = await webhook.ask({ path: "/ready" });
    assert.notEqual(after.serial, before.serial);
  });

  test("keeps connections, and ends each with its next answer once it is to end", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ready = async (): Promise<string | undefined> =>
      (await webhook.ask({ path: "/ready", agent })).headers.connection;
    assert.equal(await ready(), "keep-alive");
    webhook.drain();
    assert.equal(await ready(), "close");
    agent.destroy();
  });

  test("ends at the signal, also while connections are idle", async () => {
    const agent = new Agent({ keepAlive: true });
    await webhook.ask({ path: "/ready", agent });
    await webhook[Symbol.asyncDispose]();
    agent.destroy();
  });
});

describe("why a pod that asked has no sidecar", () => {
  const hostNetwork = { ...pod, spec: { ...pod.spec, hostNetwork: true } };
  const told: SkipNotice[] = [];
  let telling: TestWebhook;
  beforeEach(async () => {
    told.length = 0;
    telling = await startTestWebhook({ inject: decide, tell: (notice) => told.push(notice) });
  });
  afterEach(() => telling[Symbol.asyncDispose]());

  test("is told about whatever makes such pods", async () => {
    const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "uid-1", controller: true };
    await telling.post(review({ ...hostNetwork, metadata: { generateName: "agent-", ownerReferences: [owner] } }));
    const [notice, ...others] = told;
    assert.deepEqual(others, []);
    assert.equal(notice?.reason, "HostNetwork");
    assert.deepEqual(notice?.regarding, {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "agent", namespace: "shop", uid: "uid-1" },
    });
  });

  test("is told about the pod itself where nothing makes it", async () => {
    await telling.post(review(hostNetwork));
    assert.deepEqual(
      told.map(({ regarding }) => `${regarding.kind} ${regarding.metadata.name}`),
      ["Pod web"],
    );
  });

  test("is not told of a dry run", async () => {
    await telling.post(review(hostNetwork, { dryRun: true }));
    assert.deepEqual(told, []);
  });

  test("is not told of a pod that has one", async () => {
    await telling.post(review(pod));
    assert.deepEqual(told, []);
  });
});

describe("a wrong request", () => {
  const rows: Record<string, { options?: RequestOptions; body?: string | Buffer; status: number }> = {
    "for another path is not found": { options: { path: "/mutate" }, status: 404 },
    "with another method is not allowed": { options: { method: "PUT" }, status: 405 },
    "of another type is not supported": { options: { headers: { "content-type": "text/yaml" } }, status: 415 },
    "of no type is not supported": { options: { headers: {} }, status: 415 },
    "that is compressed is not supported": {
      options: { headers: { ...json, "content-encoding": "gzip" } },
      body: gzipSync(Buffer.alloc(64 * 1024 * 1024)),
      status: 415,
    },
    "with a pod that is null is bad": { body: review(null), status: 400 },
    "without a request is bad": { body: '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}', status: 400 },
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
      const answer = await webhook.ask({ method: "POST", path: "/inject", headers: json, ...options }, body);
      assert.equal(answer.status, status);
      assert.equal((await webhook.ask({ path: "/ready" })).status, 200, "the server lives on");
    });
  }

  test("in plain HTTP is cut off, and the server lives on", async () => {
    const plain = request({ host: "127.0.0.1", port: webhook.port, path: "/ready" });
    plain.end();
    await assert.rejects(once(plain, "response"));
    assert.equal((await webhook.ask({ path: "/ready" })).status, 200);
  });

  test("with a key named __proto__ changes no prototype", async () => {
    const body = review(pod).replace('"metadata":{', '"metadata":{"labels":{"__proto__":{"app":"evil"}},');
    await webhook.post(body);
    assert.equal(({} as Record<string, unknown>)["app"], undefined);
  });
});

test("a failure inside is a 500 that does not say more than the log", async () => {
  await using failing = await startTestWebhook({
    inject: () => {
      throw new Error("secret detail");
    },
  });
  const { status, body } = await failing.post(review(pod));
  assert.equal(status, 500);
  assert.doesNotMatch(JSON.stringify(body), /secret/);
});
