import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { inject } from "./inject/inject.ts";
import { review, startTestWebhook, type TestWebhook } from "./testdata/test-webhook.ts";

const settings = { mesh: defaultMeshConfig("default", "proxy:1"), nativeSidecars: true };
const container = { name: "web", image: "web:1" };

let webhook: TestWebhook;
before(async () => {
  webhook = await startTestWebhook({
    inject: (pod, name) => inject(pod, { name, labels: { "istio-injection": "enabled" } }, settings),
  });
});
after(() => webhook[Symbol.asyncDispose]());

interface Response {
  readonly allowed: boolean;
  readonly patch?: string;
  readonly status?: { readonly message: string };
}

async function answerTo(body: string): Promise<Response> {
  const { status, body: answer } = await webhook.post(body);
  assert.equal(status, 200);
  return (answer as { response: Response }).response;
}

function patchOf({ patch = "" }: Response): readonly { readonly op: string; readonly path: string }[] {
  return JSON.parse(Buffer.from(patch, "base64").toString()) as { op: string; path: string }[];
}

describe("a pod that wants too much", () => {
  const large = {
    metadata: {
      name: "web",
      annotations: Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`own/${index}`, "x".repeat(16_384)])),
    },
    spec: {
      containers: Array.from({ length: 100 }, (_, index) => ({
        ...container,
        name: `web-${index}`,
        ports: [{ containerPort: 2 * index + 1 }, { containerPort: 2 * index + 2 }],
        ...(index < 50 && { readinessProbe: { httpGet: { port: 2 * index + 1 } } }),
      })),
    },
  };

  test("as 100 containers with 200 ports and 1 MiB of annotations is answered within 200 ms, with a small patch", async () => {
    const body = review(large);
    await answerTo(body);
    const begin = performance.now();
    const answer = await answerTo(body);
    const tookMs = performance.now() - begin;
    assert.ok(tookMs < 200, `took ${tookMs} ms`);
    assert.ok((answer.patch?.length ?? 0) < 64 * 1024);
  });

  test("as more probes than the node agent serves is refused while somebody reads it", async () => {
    const probe = { httpGet: { port: 80 } };
    const containers = Array.from({ length: 100 }, (_, index) => ({ name: `web-${index}`, livenessProbe: probe }));
    const { allowed, status } = await answerTo(review({ metadata: { name: "web" }, spec: { containers } }));
    assert.equal(allowed, false);
    assert.match(status?.message ?? "", /100 probes.*at most 64/);
  });

  test("as an annotation of 1 MiB that would have to be parsed is refused", async () => {
    const annotations = { "proxy.istio.io/config": `concurrency: ${"1".repeat(1024 * 1024)}` };
    const { allowed, status } = await answerTo(
      review({ metadata: { annotations }, spec: { containers: [container] } }),
    );
    assert.equal(allowed, false);
    assert.ok((status?.message.length ?? 0) < 1024, "the message does not repeat it");
  });
});

describe("a pod that means harm", () => {
  const annotated = (annotations: Record<string, string>) =>
    review({ metadata: { name: "web", annotations }, spec: { containers: [container] } });

  const values: Record<string, string> = {
    "with a line break": "debug\n- evil",
    "with a zero byte": "debug\0",
    "with YAML in it": 'x", "command": ["sh"',
    "with an anchor": "&a {x: *a}",
    "with a template": "{{ .Values }}",
    "with an option of Envoy": "--admin-address-path /tmp/x",
  };
  for (const annotation of [
    "sidecar.istio.io/proxyImage",
    "sidecar.istio.io/logLevel",
    "sidecar.istio.io/componentLogLevel",
  ])
    for (const [name, value] of Object.entries(values))
      test(`by ${annotation} ${name} is refused`, async () =>
        assert.equal((await answerTo(annotated({ [annotation]: value }))).allowed, false));

  test("by keys named like prototypes gets what it would get without them, and changes none", async () => {
    const body = annotated({}).replace(
      '"annotations":{}',
      '"annotations":{"__proto__":"x","constructor":"y"},"labels":{"__proto__":"x","toString":"y"}',
    );
    const paths = patchOf(await answerTo(body)).map(({ path }) => path);
    assert.ok(paths.includes("/spec/initContainers"));
    assert.equal(({} as Record<string, unknown>)["x"], undefined);
    assert.equal(typeof {}.toString, "function");
  });

  test("by a declared proxy nested ten thousand deep does not end the process", async () => {
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const body = review({ metadata: {}, spec: { containers: [{ name: "istio-proxy", env: 0 }] } });
    await webhook.post(body.replace('"env":0', `"env":${deep}`));
    assert.equal((await webhook.ask({ path: "/ready" })).status, 200);
  });

  test("by an added status is injected all the same", async () => {
    const status = { "sidecar.istio.io/status": '{"containers":["istio-proxy"]}' };
    assert.ok(patchOf(await answerTo(annotated(status))).length > 0);
  });
});
