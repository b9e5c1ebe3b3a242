import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import type { KubeClient } from "./client.ts";
import { loadConnection } from "./connection.ts";
import { type EventFact, type EventObject, eventType } from "./event-object.ts";
import { createEventRecorder, type EventRecorder } from "./event-recorder.ts";
import { createKubeClient } from "./kube-client.ts";
import type { KubeObject } from "./types.ts";

const object = (name: string, namespace?: string): KubeObject => ({
  apiVersion: "meshwright.dev/v1",
  kind: "MeshInstall",
  metadata: { name, uid: `uid-${name}`, ...(namespace === undefined ? {} : { namespace }) },
});
const fact = (regarding: KubeObject, note: string): EventFact => ({
  regarding,
  type: "Warning",
  reason: "Refused",
  action: "Reconcile",
  note,
});

describe("the event recorder, against a real API server", () => {
  let server: ApiServer;
  let client: KubeClient;
  let recorder: EventRecorder;
  const end = new AbortController();
  before(async () => {
    server = await startApiServer();
    client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "meshwright-test" });
    const reporter = { controller: "meshwright.dev/test", instance: "test-0" };
    recorder = createEventRecorder({ client, ...reporter, logger: silentLogger, signal: end.signal });
  });
  after(async () => {
    end.abort();
    await server.stop();
  });

  async function eventsOf(name: string): Promise<readonly EventObject[]> {
    await recorder.flush();
    const { items } = await client.list(eventType, { namespace: "default" });
    return items.filter((item) => item.regarding["name"] === name);
  }

  test("writes an Event where kubectl finds it", async () => {
    recorder.record(fact(object("one"), "spec.version is unknown"));
    const [event] = await eventsOf("one");
    assert.equal(event?.metadata.namespace, "default");
    assert.equal(event?.note, "spec.version is unknown");
    assert.deepEqual([event?.type, event?.reason, event?.action], ["Warning", "Refused", "Reconcile"]);
    assert.deepEqual(event?.regarding, {
      apiVersion: "meshwright.dev/v1",
      kind: "MeshInstall",
      name: "one",
      uid: "uid-one",
    });
  });

  test("counts a fact told again instead of writing it again", async () => {
    for (const note of ["same", "same", "other", "same"]) recorder.record(fact(object("many"), note));
    const events = await eventsOf("many");
    assert.deepEqual(events.map(({ note, series }) => `${note} ${series?.count ?? 1}`).toSorted(), [
      "other 1",
      "same 3",
    ]);
  });

  test("cuts a note to what the API takes", async () => {
    recorder.record(fact(object("long"), "é".repeat(2_000)));
    const [event] = await eventsOf("long");
    assert.match(event?.note ?? "", /^é+\.\.\.$/);
    assert.ok(Buffer.byteLength(event?.note ?? "") > 1_000);
  });

  test("gives up on an Event that the server refuses, and goes on", async () => {
    recorder.record(fact(object("refused", "no-such-namespace"), "lost"));
    recorder.record(fact(object("next"), "kept"));
    assert.equal((await eventsOf("next")).length, 1);
  });
});
