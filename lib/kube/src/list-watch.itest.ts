import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { startTcpProxy, type TcpProxy } from "@meshwright/testing/tcp-proxy";
import { until } from "@meshwright/testing/until";
import type { KubeClient } from "./client.ts";
import { type Connection, loadConnection } from "./connection.ts";
import { createKubeClient } from "./kube-client.ts";
import { configMaps, namespaces } from "./resource-types.ts";
import { createStore, type Store } from "./store.ts";
import type { KubeObject } from "./types.ts";
import type { WatchEvent } from "./watch-event.ts";

interface Watched {
  readonly store: Store<KubeObject>;
  /** `upsert a`, in order. */
  readonly told: string[];
}

/** Long enough that only the case about silence meets it. */
const neverIdleMs = 300_000;

function nameEvent(event: WatchEvent<KubeObject>): string {
  return event.kind === "synced" ? "synced" : `${event.kind} ${event.object.metadata.name}`;
}

function namesOf(store: Store<KubeObject>): string[] {
  return store
    .list()
    .map((object) => object.metadata.name)
    .toSorted();
}

describe("a list-watch of a real API server, through a network that fails", () => {
  let server: ApiServer;
  let proxy: TcpProxy;
  /** Has a connection of its own, past the faults. */
  let direct: KubeClient;
  let faulty: Connection;
  let namespace = "";
  let count = 0;
  let end = new AbortController();

  before(async () => {
    // Watches read etcd, so that compaction is felt at once and not after the watch cache has turned over.
    server = await startApiServer({ args: ["--watch-cache=false"] });
    const connection = loadConnection(server.kubeconfig);
    proxy = await startTcpProxy(Number(connection.server.port));
    faulty = { ...connection, server: new URL(`https://127.0.0.1:${proxy.port}`) };
    direct = createKubeClient({ connection, userAgent: "meshwright-test" });
  });
  after(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(async () => {
    count += 1;
    end = new AbortController();
    namespace = `case-${count}`;
    await direct.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  });

  // A failed case must not leave a watch behind that never lets the process end.
  afterEach(() => end.abort());

  const put = (name: string): Promise<KubeObject> =>
    direct.create(configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } });
  const touch = (name: string): Promise<KubeObject> =>
    direct.patch(configMaps, { name, namespace }, { data: { touched: String(performance.now()) } });
  const remove = (name: string): Promise<void> => direct.delete(configMaps, { name, namespace });

  async function watchNamespace(idleMs = neverIdleMs, limit = 500): Promise<Watched> {
    const client = createKubeClient({ connection: faulty, userAgent: "meshwright-test" });
    const told: string[] = [];
    const onEvent = (event: WatchEvent<KubeObject>): void => void told.push(nameEvent(event));
    const options = { client, type: configMaps, namespace, idleMs, limit, logger: silentLogger, signal: end.signal };
    const store = createStore({ ...options, onEvent });
    await store.synced;
    // The watch is opened after the list: faults must not come before it is there.
    await put("probe");
    await until("the probe", () => told.includes("upsert probe"));
    await remove("probe");
    await until("its delete", () => told.includes("delete probe"));
    told.splice(told.indexOf("upsert probe"));
    return { store, told };
  }

  async function untilStored(store: Store<KubeObject>, names: readonly string[]): Promise<void> {
    const show = (): string => namesOf(store).join(" ");
    await until("the stored names", () => namesOf(store).join() === names.join(), { timeoutMs: 15_000, show });
  }

  test("follows creations, changes and deletes", async () => {
    await put("a");
    const { store, told } = await watchNamespace();
    await put("b");
    await touch("a");
    await remove("b");
    await until("the delete", () => told.includes("delete b"));
    assert.deepEqual(told, ["upsert a", "synced", "upsert b", "upsert a", "delete b"]);
    assert.deepEqual(namesOf(store), ["a"]);
    assert.equal(store.get({ namespace, name: "a" })?.metadata.name, "a");
  });

  test("follows metadata alone where nothing else is wanted", async () => {
    const stored = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace }, data: { large: "x" } };
    await direct.create(configMaps, stored);
    const selection = { type: configMaps, namespace, metadataOnly: true } as const;
    const store = createStore({ client: direct, ...selection, logger: silentLogger, signal: end.signal });
    await store.synced;
    assert.deepEqual(Object.keys(store.get({ namespace, name: "a" }) ?? {}).toSorted(), [
      "apiVersion",
      "kind",
      "metadata",
    ]);
    await direct.patch(configMaps, { name: "a", namespace }, { metadata: { labels: { seen: "yes" } } });
    await until("the label", () => store.get({ namespace, name: "a" })?.metadata.labels?.["seen"] === "yes");
    assert.equal(store.get({ namespace, name: "a" })?.kind, "ConfigMap");
    assert.equal("data" in (store.get({ namespace, name: "a" }) ?? {}), false);
    await remove("a");
    await until("the delete", () => store.size === 0);
  });

  test("lists many pages of which the later ones are compacted away, and loses none", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `item-${String(index).padStart(2, "0")}`);
    for (const name of names) await put(name);
    const watching = watchNamespace(neverIdleMs, 2);
    await server.compact();
    const { store } = await watching;
    assert.deepEqual(namesOf(store), names);
  });

  test("resumes after a broken connection without telling anything twice", async () => {
    await put("a");
    const { store, told } = await watchNamespace();
    proxy.cut();
    await put("b");
    await remove("a");
    proxy.mend();
    await untilStored(store, ["b"]);
    assert.deepEqual(told, ["upsert a", "synced", "upsert b", "delete a"]);
  });

  test("tells what was deleted while it was away, though the history is compacted", async () => {
    for (const name of ["kept", "lost", "touched"]) await put(name);
    const { store, told } = await watchNamespace();
    proxy.cut();
    await remove("lost");
    await touch("touched");
    await put("new");
    await server.compact();
    proxy.mend();
    await untilStored(store, ["kept", "new", "touched"]);
    assert.deepEqual(told.slice(told.indexOf("synced") + 1).toSorted(), [
      "delete lost",
      "upsert new",
      "upsert touched",
    ]);
  });

  test("survives a crash of the API server, keeps what it has meanwhile, and follows the new one", async () => {
    await put("a");
    const { store, told } = await watchNamespace();
    await server.kill();
    assert.deepEqual(namesOf(store), ["a"]);
    await server.restart();
    await put("b");
    await untilStored(store, ["a", "b"]);
    assert.deepEqual(told, ["upsert a", "synced", "upsert b"]);
  });

  test("notices a connection that died without a word", async () => {
    await put("a");
    const { store } = await watchNamespace(1_000);
    proxy.silence();
    const silentAtMs = performance.now();
    await remove("a");
    await put("b");
    await untilStored(store, ["b"]);
    assert.ok(performance.now() - silentAtMs > 900, "nothing came through the silenced connection");
  });

  test("ends up with what the server has, whatever fails in between", async () => {
    const { store } = await watchNamespace(1_000);
    for (let round = 0; round < 12; round += 1) {
      await put(`round-${round}`);
      if (round % 3 === 0) proxy.cut();
      if (round % 3 === 1) await server.compact();
      if (round % 3 === 2) proxy.silence();
      if (round > 1) await remove(`round-${round - 2}`);
      proxy.mend();
    }
    await untilStored(store, ["round-10", "round-11"]);
  });
});
