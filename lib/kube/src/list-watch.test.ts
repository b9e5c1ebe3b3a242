import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import { until } from "@meshwright/testing/until";
import { type Reply, startWatchServer } from "@meshwright/testing/watch-server";
import { createKubeClient } from "./kube-client.ts";
import { isKubeError } from "./kube-error.ts";
import { listWatch, type WatchEvent } from "./list-watch.ts";
import { configMaps } from "./resource-types.ts";
import { type KubeObject, keyOf } from "./types.ts";

const metadata = (name: string, resourceVersion: string) => ({
  name,
  namespace: "shop",
  uid: `uid-${name}`,
  resourceVersion,
});
const object = (name: string, version: number) => ({ metadata: metadata(name, String(version)) });

const list = (version: number, items: readonly object[], more: object = {}): Reply => ({
  kind: "json",
  body: { metadata: { resourceVersion: String(version), ...more }, items },
});
const event = (type: string, value: object): string => `${JSON.stringify({ type, object: value })}\n`;
const added = (name: string, version: number): string => event("ADDED", object(name, version));
const modified = (name: string, version: number): string => event("MODIFIED", object(name, version));
const deleted = (name: string, version: number): string => event("DELETED", object(name, version));
const bookmark = (version: number): string => event("BOOKMARK", { metadata: { resourceVersion: String(version) } });
const stream = (chunks: readonly string[], afterwards: "end" | "hang" | "break" = "hang"): Reply => ({
  kind: "stream",
  chunks,
  afterwards,
});
const gone = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version: 1 (9)" };
const status = (code: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: "status",
  code,
  headers,
});

/** `upsert shop/a@2 (was 1)`. */
function describeEvent(told: WatchEvent<KubeObject>): string {
  if (told.kind === "synced") return "synced";
  const versioned = `${told.kind} ${keyOf(told.object)}@${told.object.metadata.resourceVersion}`;
  const previous = told.kind === "upsert" ? told.previous?.metadata.resourceVersion : undefined;
  return previous === undefined ? versioned : `${versioned} (was ${previous})`;
}

/** `list`, `list continue=x`, `watch from 7`. */
function describeRequest(path: string): string {
  const query = new URL(path, "http://any").searchParams;
  if (query.get("watch") === "true") return `watch from ${query.get("resourceVersion")}`;
  return [
    "list",
    ...["limit", "continue"].flatMap((name) => (query.has(name) ? `${name}=${query.get(name)}` : [])),
  ].join(" ");
}

interface Scene {
  readonly script: readonly Reply[];
  readonly events: readonly string[];
  readonly requests: readonly string[];
  readonly refuses?: readonly string[];
  readonly isOptional?: boolean;
}

/** Plays a script, waits for as many events and requests as wanted, and compares. */
async function play({ script, events, requests, refuses = [], isOptional = false }: Scene): Promise<void> {
  const server = await startWatchServer(script);
  const stop = new AbortController();
  const told: string[] = [];
  const connection = { server: server.url, credentials: async () => ({ headers: {}, options: {} }) };
  const running = listWatch({
    client: createKubeClient({ connection, userAgent: "test" }),
    type: configMaps,
    namespace: "shop",
    limit: 2,
    isOptional,
    idleMs: 300,
    logger: silentLogger,
    signal: stop.signal,
    onEvent: (one) => {
      told.push(describeEvent(one));
      if (refuses.includes(describeEvent(one))) throw new Error("refused");
    },
  });
  const isPlayed = (): boolean => told.length >= events.length && server.requests.length >= requests.length;
  await until("the script's end", isPlayed, { show: () => JSON.stringify({ told, requests: server.requests }) });
  stop.abort();
  await running.done;
  await server.stop();
  assert.deepEqual(told, events);
  assert.deepEqual(server.requests.map(describeRequest), requests);
}

describe("a list-watch", () => {
  const cases: Record<string, Scene> = {
    "of a type that may be missing tells that there is none, and follows it when it comes": {
      isOptional: true,
      script: [status(404), list(7, [object("a", 1)]), stream([added("b", 8)])],
      events: ["synced", "upsert shop/a@1", "upsert shop/b@8"],
      requests: ["list limit=2", "list limit=2", "watch from 7"],
    },
    "of a type that is taken away tells that all of it is gone": {
      isOptional: true,
      script: [list(7, [object("a", 1)]), status(404), status(404), stream([])],
      events: ["upsert shop/a@1", "synced", "delete shop/a@1"],
      requests: ["list limit=2", "watch from 7", "list limit=2"],
    },
    "merges pages, then watches from the list's version": {
      script: [
        list(7, [object("a", 1), object("b", 2)], { continue: "token" }),
        list(7, [object("c", 3)]),
        stream([added("d", 8), modified("a", 9), deleted("b", 10)]),
      ],
      events: [
        "upsert shop/a@1",
        "upsert shop/b@2",
        "upsert shop/c@3",
        "synced",
        "upsert shop/d@8",
        "upsert shop/a@9 (was 1)",
        "delete shop/b@2",
      ],
      requests: ["list limit=2", "list limit=2 continue=token", "watch from 7"],
    },
    "resumes from the last event when the server ends the watch": {
      script: [list(7, []), stream([added("a", 8)], "end"), stream([modified("a", 12)])],
      events: ["synced", "upsert shop/a@8", "upsert shop/a@12 (was 8)"],
      requests: ["list limit=2", "watch from 7", "watch from 8"],
    },
    "resumes from the last bookmark": {
      script: [list(7, []), stream([added("a", 8), bookmark(40)], "break"), stream([])],
      events: ["synced", "upsert shop/a@8"],
      requests: ["list limit=2", "watch from 7", "watch from 40"],
    },
    "lists again when the version is gone, and tells what was deleted meanwhile": {
      script: [
        list(7, [object("kept", 1), object("changed", 2), object("lost", 3)]),
        { kind: "status", code: 410, body: gone },
        list(30, [object("kept", 1), object("changed", 20), object("new", 21)]),
        stream([]),
      ],
      events: [
        "upsert shop/kept@1",
        "upsert shop/changed@2",
        "upsert shop/lost@3",
        "synced",
        "delete shop/lost@3",
        "upsert shop/changed@20 (was 2)",
        "upsert shop/new@21",
      ],
      requests: ["list limit=2", "watch from 7", "list limit=2", "watch from 30"],
    },
    "lists again when the version goes in the middle of a watch": {
      script: [
        list(7, [object("a", 1)]),
        stream([added("b", 8), event("ERROR", gone)]),
        list(30, [object("b", 8)]),
        stream([]),
      ],
      events: ["upsert shop/a@1", "synced", "upsert shop/b@8", "delete shop/a@1"],
      requests: ["list limit=2", "watch from 7", "list limit=2", "watch from 30"],
    },
    "drops a line that was cut short, and takes it whole from the next watch": {
      script: [list(7, []), stream([added("a", 8), added("b", 9).slice(0, -20)], "break"), stream([added("b", 9)])],
      events: ["synced", "upsert shop/a@8", "upsert shop/b@9"],
      requests: ["list limit=2", "watch from 7", "watch from 8"],
    },
    "lists again when a line is not JSON": {
      script: [list(7, []), stream(["<html>\n"]), list(8, [object("a", 8)]), stream([])],
      events: ["synced", "upsert shop/a@8"],
      requests: ["list limit=2", "watch from 7", "list limit=2", "watch from 8"],
    },
    "lists again when a line is longer than any object": {
      script: [list(7, []), stream(["x".repeat(17 * 1024 * 1024)]), list(8, [object("a", 8)]), stream([])],
      events: ["synced", "upsert shop/a@8"],
      requests: ["list limit=2", "watch from 7", "list limit=2", "watch from 8"],
    },
    "opens a watch anew that has been silent for too long": {
      script: [list(7, []), stream([added("a", 8)], "hang"), stream([added("b", 9)])],
      events: ["synced", "upsert shop/a@8", "upsert shop/b@9"],
      requests: ["list limit=2", "watch from 7", "watch from 8"],
    },
    "keeps every object while the server fails": {
      script: [
        list(7, [object("a", 1)]),
        stream([], "break"),
        status(503),
        status(500),
        { kind: "status", code: 429, headers: { "retry-after": "1" } },
        stream([modified("a", 9)]),
      ],
      events: ["upsert shop/a@1", "synced", "upsert shop/a@9 (was 1)"],
      requests: ["list limit=2", "watch from 7", "watch from 7", "watch from 7", "watch from 7", "watch from 7"],
    },
    "lists when the server keeps refusing the version": {
      script: [list(7, []), status(500), status(500), status(500), status(500), status(500), list(9, []), stream([])],
      events: ["synced"],
      requests: ["list limit=2", ...Array<string>(5).fill("watch from 7"), "list limit=2", "watch from 9"],
    },
    "changes nothing by a list that fails half-way": {
      script: [
        list(7, [object("a", 1), object("b", 2)]),
        { kind: "status", code: 410, body: gone },
        list(30, [object("b", 2)], { continue: "token" }),
        status(500),
        list(31, [object("a", 1), object("b", 31)]),
        stream([]),
      ],
      events: ["upsert shop/a@1", "upsert shop/b@2", "synced", "upsert shop/b@31 (was 2)"],
      requests: [
        "list limit=2",
        "watch from 7",
        "list limit=2",
        "list limit=2 continue=token",
        "list limit=2",
        "watch from 31",
      ],
    },
    "lists without pages when the version of the pages is gone": {
      script: [
        list(7, [object("a", 1), object("b", 2)], { continue: "token" }),
        { kind: "status", code: 410, body: gone },
        list(9, [object("b", 2), object("c", 9)]),
        stream([]),
      ],
      events: ["upsert shop/b@2", "upsert shop/c@9", "synced"],
      requests: ["list limit=2", "list limit=2 continue=token", "list", "watch from 9"],
    },
    "waits as long for a first list as it takes": {
      script: [status(403), status(503), list(7, [object("a", 1)]), stream([])],
      events: ["upsert shop/a@1", "synced"],
      requests: ["list limit=2", "list limit=2", "list limit=2", "watch from 7"],
    },
    "goes on with the others when the handler refuses one, and hands it over again on the next list": {
      script: [
        list(7, [object("bad", 1), object("good", 2)]),
        stream([modified("good", 8), event("ERROR", gone)]),
        list(9, [object("bad", 1), object("good", 8)]),
        stream([deleted("bad", 10)]),
      ],
      refuses: ["upsert shop/bad@1"],
      events: [
        "upsert shop/bad@1",
        "upsert shop/good@2",
        "synced",
        "upsert shop/good@8 (was 2)",
        "upsert shop/bad@1 (was 1)",
        "delete shop/bad@1",
      ],
      requests: ["list limit=2", "watch from 7", "list limit=2", "watch from 9"],
    },
    "is not moved by a delete of what it never saw": {
      script: [list(7, []), stream([deleted("stranger", 8), added("a", 9)])],
      events: ["synced", "upsert shop/a@9"],
      requests: ["list limit=2", "watch from 7"],
    },
  };
  for (const [name, scene] of Object.entries(cases)) test(name, () => play(scene));

  test("ends with its signal, and says so to who waits for the first list", async () => {
    const server = await startWatchServer([]);
    const stop = new AbortController();
    const connection = { server: server.url, credentials: async () => ({ headers: {}, options: {} }) };
    const client = createKubeClient({ connection, userAgent: "test" });
    const onEvent = (): void => assert.fail("nothing was listed");
    const running = listWatch({ client, type: configMaps, logger: silentLogger, signal: stop.signal, onEvent });
    await until("the list", () => server.requests.length === 1);
    stop.abort();
    await running.done;
    await assert.rejects(running.synced, (error) => isKubeError(error, "Aborted"));
    assert.equal(running.isSynced(), false);
    await server.stop();
  });
});
