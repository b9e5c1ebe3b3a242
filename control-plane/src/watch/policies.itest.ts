import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { isKubeError } from "@meshwright/kube/kube-error";
import { customResourceDefinitions, peerAuthentications } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import { silentLogger } from "@meshwright/log/logger";
import { startApiServer } from "@meshwright/testing/api-server";
import { until } from "@meshwright/testing/until";
import { parse } from "yaml";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import { watchMesh } from "./watch-mesh.ts";

const definitionName = "peerauthentications.security.istio.io";

function definition(): KubeObject {
  const file = new URL(`../../../crds/${definitionName}.yaml`, import.meta.url);
  return parse(readFileSync(file, "utf8")) as KubeObject;
}

function policy(name: string, spec: object): KubeObject {
  const { group, version, kind } = peerAuthentications;
  const metadata = { name, namespace: "default" };
  return { apiVersion: `${group}/${version}`, kind, metadata, spec } as KubeObject;
}

const stack = new AsyncDisposableStack();
const end = new AbortController();
const policies = new Map<string, PeerAuthentication | undefined>();
let client: KubeClient;
let synced: Promise<unknown>;

before(async () => {
  const server = await startApiServer();
  stack.defer(() => server.stop());
  client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "test" });
  const nothing = (): void => undefined;
  const sink = {
    setService: nothing,
    setEndpointSlice: nothing,
    setWorkload: nothing,
    setPeerAuthentication: (key: string, value: PeerAuthentication | undefined) => void policies.set(key, value),
  };
  const options = { client, logger: silentLogger, signal: end.signal, rootNamespace: "mesh-system" };
  synced = Promise.all(Object.values(watchMesh(sink, options)).map((watching) => watching.synced));
});

after(async () => {
  end.abort();
  await stack.disposeAsync();
});

describe("the policies of a cluster", () => {
  test("are none before their definition is there, and the control plane starts", async () => {
    await synced;
    assert.equal(policies.size, 0);
  });

  test("are followed once their definition comes", async () => {
    await client.create(customResourceDefinitions, definition());
    const create = () =>
      client.create(peerAuthentications, policy("strict", { mtls: { mode: "STRICT" } })).catch(() => undefined);
    await until("the API server serves the new type", async () => (await create()) !== undefined);
    await until("the policy", () => policies.get("default/strict")?.mode === "strict");
  });

  const selector = { matchLabels: { app: "web" } };
  const refusals: Record<string, { spec: object; words: RegExp }> = {
    "an unknown mode": { spec: { mtls: { mode: "MAYBE" } }, words: /spec\.mtls\.mode.*"STRICT"/ },
    "ports without a selector": {
      spec: { portLevelMtls: { 80: { mode: "STRICT" } } },
      words: /portLevelMtls wants a selector/,
    },
    "a port that is none": {
      spec: { selector, portLevelMtls: { http: { mode: "STRICT" } } },
      words: /use container ports from 1 to 65535/,
    },
    "a port that is too large": {
      spec: { selector, portLevelMtls: { 70000: { mode: "STRICT" } } },
      words: /use container ports from 1 to 65535/,
    },
  };
  for (const [name, { spec, words }] of Object.entries(refusals)) {
    test(`are refused with ${name}`, async () => {
      const isRefusal = (error: unknown): boolean => isKubeError(error, "Invalid") && words.test(error.message);
      await assert.rejects(client.create(peerAuthentications, policy("bad", spec)), isRefusal);
    });
  }

  test("are gone with their definition", async () => {
    await client.delete(customResourceDefinitions, { name: definitionName });
    await until(
      "the policy is gone",
      () => policies.has("default/strict") && policies.get("default/strict") === undefined,
    );
  });
});
