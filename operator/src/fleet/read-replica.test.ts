import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { after, describe, test } from "node:test";
import { renderFleetLine } from "@meshwright/contract/fleet-lines";
import { readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import { issueServing } from "@meshwright/pki/serving";
import { freePort } from "@meshwright/testing/free-port";
import { readReplica } from "./read-replica.ts";
import { proxy, replica } from "./testdata/lines.ts";

const host = "meshd-default.mesh-system.svc";
const now = new Date();
const root = await createRoot({ now, organization: "cluster.local" });
const stranger = await createRoot({ now, organization: "cluster.local" });
const closed = new AbortController();
after(() => closed.abort());

const whole = [replica, proxy(), proxy(), { kind: "end", proxies: 2 } as const].map(renderFleetLine).join("");

/** Asks a replica that answers in some way; says what was told, or what is wrong. */
async function ask(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { rootsPem = root.rootsPem, name = host } = {},
): Promise<string> {
  const request = { dnsNames: [name], now, lifetimeMs: 3_600_000 };
  const { certificatePem, keyPem } = await issueServing(readAuthority(root), request);
  const server = createServer({ cert: certificatePem, key: keyPem }, answer);
  const port = await freePort();
  server.listen({ port, host: "127.0.0.1", signal: closed.signal });
  closed.signal.addEventListener("abort", () => server.closeAllConnections());
  await once(server, "listening");
  return outcome(port, rootsPem);
}

async function outcome(port: number, rootsPem = root.rootsPem): Promise<string> {
  const target = { name: "meshd-1", address: "127.0.0.1", port, host, root: rootsPem, token: "secret" };
  const asked = await readReplica(target, closed.signal);
  return asked.kind === "told" ? `${asked.reading.connected} connected` : asked.detail;
}

describe("a replica", () => {
  test("is read when it is who it should be, with the operator's token", async () => {
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const isAllowed = request.headers.authorization === "Bearer secret" && request.url === "/fleet";
      response.writeHead(isAllowed ? 200 : 401).end(whole);
    };
    assert.equal(await ask(answer), "2 connected");
  });

  test("may write its lines in any pieces", async () => {
    const answer = (_: IncomingMessage, response: ServerResponse): void => {
      for (let at = 0; at < whole.length; at += 7) response.write(whole.slice(at, at + 7));
      response.end();
    };
    assert.equal(await ask(answer), "2 connected");
  });

  const silences: Record<string, { body: string; status?: number; words: RegExp }> = {
    "that refuses": { body: '{"reason":"Forbidden"}', status: 403, words: /"meshd-1": it answers 403 .*Forbidden/ },
    "that refuses without a word": { body: "", status: 503, words: /it answers 503$/ },
    "whose answer is cut off": { body: whole.slice(0, whole.lastIndexOf("{")), words: /cut off/ },
    "that tells of fewer proxies than it has": {
      body: [replica, { kind: "end", proxies: 3 } as const].map(renderFleetLine).join(""),
      words: /cut off/,
    },
    "that speaks another language": { body: "<html>\n", words: /cannot be read: the line is not JSON/ },
    "whose line never ends": { body: "x".repeat(2_000_000), words: /does not end/ },
  };
  for (const [name, { body, status = 200, words }] of Object.entries(silences)) {
    test(`${name} is silent`, async () =>
      assert.match(await ask((_, response) => response.writeHead(status).end(body)), words));
  }

  test("that breaks off in the middle is silent", async () =>
    assert.match(
      await ask((_, response) => response.writeHead(200).write(whole.slice(0, 300), () => response.destroy())),
      /"meshd-1": (aborted|.*ECONNRESET|terminated)/,
    ));

  test("that is not there is silent", async () =>
    assert.match(await outcome(await freePort()), /"meshd-1": .*ECONNREFUSED/));

  test("with a certificate of another root is silent", async () =>
    assert.match(
      await ask((_, response) => response.end(whole), { rootsPem: stranger.rootsPem }),
      /self-signed|unable to|issuer/,
    ));

  test("with a certificate for another name is silent", async () =>
    assert.match(
      await ask((_, response) => response.end(whole), { name: "meshd-other.mesh-system.svc" }),
      /does not match/i,
    ));
});
