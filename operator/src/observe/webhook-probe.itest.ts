import assert from "node:assert/strict";
import { createServer } from "node:https";
import { after, test } from "node:test";
import { readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import { issueServing } from "@meshwright/pki/serving";
import { freePort } from "@meshwright/testing/free-port";
import { probeWebhook } from "./webhook-probe.ts";

const host = "meshd-default.mesh-system.svc";
const now = new Date();
const files = await createRoot({ now, organization: "cluster.local" });
const stranger = await createRoot({ now, organization: "cluster.local" });
const closed = new AbortController();
after(() => closed.abort());

/** A TLS server whose certificate is for a name; returns where it listens. */
async function serve(name: string, status: number): Promise<{ host: string; port: number }> {
  const request = { dnsNames: [name], now, lifetimeMs: 3_600_000 };
  const { certificatePem, keyPem } = await issueServing(readAuthority(files), request);
  const server = createServer({ cert: certificatePem, key: keyPem }, (_, response) => response.writeHead(status).end());
  const port = await freePort();
  server.listen({ port, host: "127.0.0.1", signal: closed.signal });
  closed.signal.addEventListener("abort", () => server.closeAllConnections());
  return { host: "127.0.0.1", port };
}

const probe = (address: { host: string; port: number }, root = files.rootsPem) =>
  probeWebhook({ host, port: 443, root, address }, closed.signal);

/** What the probe found wrong. */
async function detail(address: { host: string; port: number }, root?: string): Promise<string> {
  const state = await probe(address, root);
  return state.kind === "fails" ? state.detail : state.kind;
}

test("a webhook answers when it is ready and its certificate verifies for its name", async () => {
  assert.deepEqual(await probe(await serve(host, 200)), { kind: "answers" });
});

test("a webhook that is not ready does not answer", async () => {
  assert.match(await detail(await serve(host, 503)), /answers 503 to \/ready/);
});

test("a certificate for another name does not count", async () => {
  assert.match(await detail(await serve("meshd-other.mesh-system.svc", 200)), /does not match/i);
});

test("a certificate of another root does not count", async () => {
  assert.match(await detail(await serve(host, 200), stranger.rootsPem), /self-signed|unable to verify|issuer/);
});

test("nobody there is no answer", async () => {
  assert.match(await detail({ host: "127.0.0.1", port: await freePort() }), /ECONNREFUSED/);
});
