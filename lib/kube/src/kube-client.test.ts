import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Reply, startWatchServer } from "@meshwright/testing/watch-server";
import type { CallOptions } from "./client.ts";
import { createKubeClient } from "./kube-client.ts";
import type { KubeErrorReason } from "./kube-error.ts";
import { pods } from "./resource-types.ts";

async function getPod(reply: Reply, options?: CallOptions): Promise<unknown> {
  const server = await startWatchServer([reply]);
  const connection = { server: server.url, credentials: async () => ({ headers: {}, options: {} }) };
  try {
    const client = createKubeClient({ connection, userAgent: "test" });
    return await client.get(pods, { namespace: "shop", name: "web" }, options);
  } finally {
    await server.stop();
  }
}

const refusal = (code: number, status: object = {}, headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: "status",
  code,
  headers,
  body: { kind: "Status", ...status },
});

describe("a failed call", () => {
  const cases: Record<string, { reply: Reply; reason: KubeErrorReason; message: string; retryAfterMs?: number }> = {
    "carries the server's message": {
      reply: refusal(403, { message: "pods is forbidden", reason: "Forbidden" }),
      reason: "Forbidden",
      message: 'cannot get Pod "shop/web": pods is forbidden',
    },
    "names the code when the server says nothing": {
      reply: { kind: "status", code: 503 },
      reason: "Unavailable",
      message: 'cannot get Pod "shop/web": HTTP 503',
    },
    "tells an existing object from a conflict": {
      reply: refusal(409, { message: "it exists", reason: "AlreadyExists" }),
      reason: "AlreadyExists",
      message: 'cannot get Pod "shop/web": it exists',
    },
    "hands on when to come back, from the header": {
      reply: refusal(429, { message: "too many" }, { "retry-after": "3" }),
      reason: "TooManyRequests",
      message: 'cannot get Pod "shop/web": too many',
      retryAfterMs: 3_000,
    },
    "hands on when to come back, from the status": {
      reply: refusal(500, { message: "not yet", details: { retryAfterSeconds: 2 } }),
      reason: "InternalError",
      message: 'cannot get Pod "shop/web": not yet',
      retryAfterMs: 2_000,
    },
    "does not take an answer that is no object": {
      reply: { kind: "json", body: [] },
      reason: "Unexpected",
      message: "cannot read Pod: the API server's answer is not an object with metadata",
    },
    "does not take an answer that is not JSON": {
      reply: { kind: "stream", chunks: ["<html>"], afterwards: "end" },
      reason: "Unexpected",
      message: `cannot get Pod "shop/web": Unexpected token '<', "<html>" is not valid JSON`,
    },
    "does not take half an answer": {
      reply: { kind: "stream", chunks: ['{"metadata": {'], afterwards: "break" },
      reason: "Unavailable",
      message: 'cannot get Pod "shop/web": aborted',
    },
  };
  for (const [name, { reply, reason, message, retryAfterMs }] of Object.entries(cases)) {
    test(name, () => assert.rejects(getPod(reply), { name: "KubeError", reason, message, retryAfterMs }));
  }

  test("ends after its time when the server never answers", () =>
    assert.rejects(getPod({ kind: "hang" }, { timeoutMs: 50 }), { reason: "Timeout" }));

  test("ends after its time when the answer never ends", () => {
    const reply: Reply = { kind: "stream", chunks: ["{"], afterwards: "hang" };
    return assert.rejects(getPod(reply, { timeoutMs: 50 }), { reason: "Timeout" });
  });

  test("ends with the caller's signal", () =>
    assert.rejects(getPod({ kind: "hang" }, { signal: AbortSignal.timeout(30) }), { reason: "Aborted" }));
});

test("an object that does not exist is undefined", async () => {
  assert.equal(await getPod(refusal(404, { reason: "NotFound" })), undefined);
});

test("a read object has its type and no managed fields", async () => {
  const body = { metadata: { name: "web", namespace: "shop", managedFields: [{ manager: "kubectl" }] }, spec: {} };
  assert.deepEqual(await getPod({ kind: "json", body }), {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "shop" },
    spec: {},
  });
});
