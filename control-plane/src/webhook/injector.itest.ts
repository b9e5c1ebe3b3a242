import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { renderMeshConfig } from "@meshwright/contract/mesh-config-yaml";
import { ports } from "@meshwright/contract/ports";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { type EventObject, eventType } from "@meshwright/kube/event-object";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { configMaps, namespaces, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import { createRoot } from "@meshwright/pki/root";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { until } from "@meshwright/testing/until";
import { review } from "./testdata/test-webhook.ts";

interface KubeConfigMap extends KubeObject {
  readonly data: Readonly<Record<string, string>>;
}

const readyUrl = `http://127.0.0.1:${ports.injectorMonitoring}/ready`;

describe("meshd --role injector, against a real API server", () => {
  const stack = new AsyncDisposableStack();
  let client: KubeClient;
  let roots = "";
  let injector: Daemon;

  before(async () => {
    const server = await startApiServer();
    stack.defer(() => server.stop());
    client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "meshwright-test" });
    await createMesh(client);
    const dir = await mkdtemp(join(tmpdir(), "meshwright-injector-"));
    stack.defer(() => rm(dir, { recursive: true }));
    roots = await writeAuthority(dir);
    injector = startInjector(server, dir);
    stack.defer(() => injector.stop());
    await injector.untilReady(async () => (await fetch(readyUrl)).ok, 20_000);
  });
  after(() => stack.disposeAsync());

  /** Asks the webhook as the API server does; returns the response of the review. */
  async function ask(pod: object): Promise<Readonly<Record<string, unknown>>> {
    const asked = request({
      host: "127.0.0.1",
      port: ports.webhook,
      servername: "meshd-default.mesh-system.svc",
      ca: roots,
      method: "POST",
      path: "/inject?timeout=10s",
      headers: { "content-type": "application/json" },
    });
    asked.end(review(pod));
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const body: unknown = JSON.parse((await response.toArray()).join(""));
    return (body as { response: Readonly<Record<string, unknown>> }).response;
  }

  const eventsOf = async (name: string): Promise<readonly EventObject[]> =>
    (await client.list(eventType, { namespace: "shop" })).items.filter((event) => event.regarding["name"] === name);

  test("gives a pod of a labelled namespace its sidecar, under a certificate of the mesh's root", async () => {
    const { patchType } = await ask({ metadata: { name: "web" }, spec: { containers: [{ name: "web" }] } });
    assert.equal(patchType, "JSONPatch");
  });

  test("tells an Event about a pod of the node's network", async () => {
    const spec = { hostNetwork: true, containers: [{ name: "agent" }] };
    assert.equal((await ask({ metadata: { name: "agent" }, spec }))["allowed"], true);
    await until("an Event", async () => (await eventsOf("agent")).length === 1);
    const [event] = await eventsOf("agent");
    assert.equal(event?.reason, "HostNetwork");
    assert.match(event?.note ?? "", /^no sidecar is injected: /);
  });

  test("follows a change of the mesh's settings", async () => {
    await client.patch(
      typed<KubeConfigMap>(configMaps),
      { name: "meshd-default", namespace: "mesh-system" },
      {
        data: { "mesh.yaml": settings("localhost/proxy:v2") },
      },
    );
    const image = async (): Promise<string> => {
      const { patch } = await ask({ metadata: { name: "web" }, spec: { containers: [{ name: "web" }] } });
      return Buffer.from(String(patch), "base64").toString();
    };
    await until("the new image", async () => (await image()).includes("localhost/proxy:v2"));
  });

  test("goes on answering for a while after it was told to end", async () => {
    const ended = injector.stop();
    const { allowed } = await ask({ metadata: { name: "web" }, spec: { containers: [{ name: "web" }] } });
    assert.equal(allowed, true);
    await ended;
  });
});

function settings(image: string): string {
  return renderMeshConfig(defaultMeshConfig("default", image));
}

async function createMesh(client: KubeClient): Promise<void> {
  const namespace = (name: string, labels: Readonly<Record<string, string>> = {}): KubeObject => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels },
  });
  await client.create(typed<KubeObject>(namespaces), namespace("mesh-system"));
  await client.create(typed<KubeObject>(namespaces), namespace("shop", { "istio-injection": "enabled" }));
  await client.create(typed<KubeConfigMap>(configMaps), {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "meshd-default", namespace: "mesh-system" },
    data: { "mesh.yaml": settings("localhost/proxy:v1") },
  });
}

/** Writes the mesh's authority as the Secret is mounted; returns its roots. */
async function writeAuthority(dir: string): Promise<string> {
  const { certificatePem, keyPem, rootsPem } = await createRoot({ now: new Date(), organization: "cluster.local" });
  await writeFile(join(dir, "tls.crt"), certificatePem);
  await writeFile(join(dir, "tls.key"), keyPem);
  await writeFile(join(dir, "ca.crt"), rootsPem);
  return rootsPem;
}

function startInjector({ kubeconfig }: ApiServer, dir: string): Daemon {
  const main = join(import.meta.dirname, "..", "main.ts");
  const mesh = ["--revision", "default", "--namespace", "mesh-system", "--config-map", "meshd-default"];
  const args = [process.execPath, main, "--role", "injector", ...mesh, "--ca-dir", dir];
  return startDaemon("/usr/bin/env", [`KUBECONFIG=${kubeconfig}`, ...args]);
}
