import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import type { Answer, Call } from "./call.ts";
import { calls, echo, identityOf, web } from "./calls.ts";
import { rowOf } from "./row.ts";
import { lastPeer, withPeerLog } from "./sidecar-log.ts";
import { storefrontRows } from "./storefront.ts";
import { renderTable } from "./table.ts";

const webId = "spiffe://cluster.local/ns/demo-shop/sa/web";
const call = (expected: Call["expected"]): Call => ({ from: web, to: echo, port: 8080, protocol: "http", expected });
const served = (peer: string): Answer => ({ kind: "served", status: "200", peer });
const failed = (error: string): Answer => ({ kind: "failed", error });

describe("a row is", () => {
  const cases: Record<string, { expected: Call["expected"]; answer: Answer; want: boolean }> = {
    "right when the server saw the caller": {
      expected: { kind: "served", peer: webId },
      answer: served(webId),
      want: true,
    },
    "wrong when the server saw plaintext": {
      expected: { kind: "served", peer: webId },
      answer: served(""),
      want: false,
    },
    "wrong when the call failed": { expected: { kind: "served", peer: webId }, answer: failed("no"), want: false },
    "right when plaintext was cut off": {
      expected: { kind: "refused" },
      answer: failed("read ECONNRESET"),
      want: true,
    },
    "wrong when plaintext was served": { expected: { kind: "refused" }, answer: served(""), want: false },
    "wrong when the server was not even found": {
      expected: { kind: "refused" },
      answer: failed("getaddrinfo ENOTFOUND echo"),
      want: false,
    },
  };
  for (const [name, { expected, answer, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(rowOf(call(expected), answer).isExpected, want));
  }
});

test("a storefront's answer becomes a row per hop, each seen as the one before", () => {
  const hop = (app: string, seenPeer: string, next?: unknown) => ({
    app,
    version: "v2",
    replica: `${app}-1`,
    seenPeer,
    protocol: "HTTP/1.1",
    content: {},
    ...(next === undefined ? {} : { next }),
  });
  const catalog = { namespace: "demo-shop", name: "catalog" };
  const ratings = hop("ratings", identityOf(web));
  const answer = hop("web", identityOf(echo), hop("catalog", identityOf(web), ratings));
  const rows = storefrontRows(answer, echo, "demo-shop");
  assert.deepEqual(
    rows.map(({ client, server, isExpected }) => [client, server, isExpected]),
    [
      ["demo-echo/echo", "demo-shop/web v2", true],
      ["demo-shop/web", "demo-shop/catalog v2", true],
      // catalog called, but ratings saw web
      [`${catalog.namespace}/${catalog.name}`, "demo-shop/ratings v2", false],
    ],
  );
});

test("a hop that could not be reached is wrong", () => {
  const web1 = {
    app: "web",
    version: "v1",
    replica: "w",
    seenPeer: identityOf(echo),
    protocol: "HTTP/1.1",
    content: {},
  };
  const rows = storefrontRows({ ...web1, next: { error: "ECONNREFUSED" } }, echo, "demo-shop");
  assert.deepEqual(
    rows.map(({ isExpected }) => isExpected),
    [true, false],
  );
});

test("the demo covers every protocol and a plaintext caller", () => {
  const kinds = new Set(calls.map(({ protocol }) => protocol));
  assert.deepEqual([...kinds].toSorted(), ["grpc", "h2", "http", "tcp", "ws"]);
  assert.ok(calls.some(({ expected }) => expected.kind === "refused"));
});

describe("the caller of a connection of bytes", () => {
  const line = (peer: string): string => `- connection of bytes from ${peer}`;
  const cases: Record<string, { log: readonly string[]; want: string | undefined }> = {
    "is the one of the last connection": { log: [line("spiffe://a"), line(webId)], want: webId },
    "is nobody that could be proven": { log: [line("-")], want: "-" },
    "is not the caller of an HTTP request": { log: ["HTTP/1.1 connection of bytes from spiffe://a"], want: undefined },
    "is not known before the sidecar has written it": { log: [], want: undefined },
  };
  for (const [name, { log, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(lastPeer(log.join("\n")), want));
  }
});

test("the sidecars' log is switched on beside what the MeshInstall says", () => {
  const { spec } = parse(withPeerLog("spec: {version: v1, mesh: {mtls: Strict}}"));
  assert.equal(spec.version, "v1");
  assert.deepEqual([spec.mesh.mtls, spec.mesh.accessLog], ["Strict", true]);
});

test("columns are aligned and a wrong row is shown as such", () => {
  const row = rowOf(call({ kind: "refused" }), served(""));
  assert.equal(
    renderTable([row]),
    [
      "CLIENT         SERVER          PROTOCOL  RESULT  CALLER, AS THE SERVER SAW IT",
      "demo-shop/web  demo-echo/echo  HTTP/1.1  200     plaintext                     WRONG",
    ].join("\n"),
  );
});
