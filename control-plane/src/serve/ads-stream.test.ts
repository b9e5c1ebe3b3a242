import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { silentLogger } from "@meshwright/log/logger";
import { packAny } from "@meshwright/xds-api/any";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ClusterLoadAssignmentSchema } from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { DeltaDiscoveryResponseSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import { AdsStream, type StreamContext } from "./ads-stream.ts";
import { defaultPushLimits, defaultStreamLimits } from "./limits.ts";
import { silentObserver } from "./observer.ts";
import { PushSlots } from "./push-slots.ts";
import { RunQueue } from "./run-queue.ts";
import { Session } from "./session.ts";
import { Shared } from "./shared.ts";
import { type Bodies, OneView, viewOf } from "./testdata/one-view.ts";
import { wholeMessage } from "./testdata/whole-message.ts";
import type { ProxyNode, ProxyView } from "./view.ts";

const node: ProxyNode = {
  id: "sidecar~127.0.0.1~web-1.shop~shop.svc.cluster.local",
  cluster: "web",
  envoyVersion: "1.40.0",
  traits: { ipStack: "dual", capturesDns: false },
};
const peer = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };

const clusters = (...names: string[]): Bodies =>
  Object.fromEntries(names.map((name) => [name, packAny(ClusterSchema, { name })]));

/** A stream with a connection that takes what it is given when it is told to, and turns that are taken by hand. */
function openStream(source: OneView, { isOpen = true, pushLimits = defaultPushLimits } = {}) {
  const sent: string[] = [];
  const refusals: string[] = [];
  const untaken: (() => void)[] = [];
  const turns: (() => void)[] = [];
  const context: StreamContext = {
    queue: new RunQueue({ now: () => 0, later: (task) => turns.push(task) }),
    slots: new PushSlots(pushLimits.concurrent),
    log: silentLogger,
    observer: silentObserver,
    onReject: () => undefined,
    streamLimits: defaultStreamLimits,
    pushLimits,
    warmingTimeoutMs: 5_000,
    now: () => 0,
  };
  const view = source.connect(node, peer);
  assert.ok(view.kind === "accepted");
  const settle = (): void => {
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) turn();
  };
  const stream = new AdsStream(context, node, view, new Session(view.current(), new Shared()), {
    write: (message, taken) => {
      const { resources } = fromBinary(DeltaDiscoveryResponseSchema, wholeMessage(message));
      sent.push(resources.map(({ name }) => name).join(" "));
      if (isOpen) taken();
      else untaken.push(taken);
    },
    refuse: ({ reason }) => refusals.push(reason),
  });
  const request = (type: TypeUrl, nonce = ""): void => {
    stream.request({ type, nonce, error: undefined, subscribe: [], unsubscribe: [], initialVersions: {} });
    settle();
  };
  const take = (): void => {
    untaken.shift()?.();
    settle();
  };
  const show = (next: ProxyView): void => {
    source.show(next);
    settle();
  };
  return { stream, context, sent, refusals, request, take, show, settle };
}

describe("a stream", () => {
  test("writes nothing until its connection has taken the last response, and then only the newest", () => {
    const { sent, request, show, take } = openStream(new OneView(viewOf(clusters("a"))), { isOpen: false });
    request(typeUrls.cluster);
    request(typeUrls.cluster, "1");
    show(viewOf(clusters("b")));
    show(viewOf(clusters("c")));
    assert.deepEqual(sent, ["a"]);
    take();
    assert.deepEqual(sent, ["a", "c"]);
  });

  test("writes nothing after it was closed", () => {
    const source = new OneView(viewOf(clusters("a")));
    const { stream, sent, show, request } = openStream(source);
    stream.close();
    show(viewOf(clusters("b")));
    request(typeUrls.cluster);
    assert.deepEqual({ sent, listening: source.listening }, { sent: [], listening: 0 });
  });

  test("sends a change in a later turn, not in that of whoever made it", () => {
    const source = new OneView(viewOf(clusters("a")));
    const { sent, settle, request } = openStream(source);
    request(typeUrls.cluster);
    request(typeUrls.cluster, "1");
    source.show(viewOf(clusters("b")));
    assert.deepEqual(sent, ["a"]);
    settle();
    assert.deepEqual(sent, ["a", "b"]);
  });

  test("waits with a large response until a slot is free, and sends it in parts", () => {
    const pushLimits = { ...defaultPushLimits, smallBytes: 1, partBytes: 1, concurrent: 1 };
    const { context, sent, request, settle } = openStream(new OneView(viewOf(clusters("a", "b"))), { pushLimits });
    assert.ok(context.slots.take(() => undefined));
    request(typeUrls.cluster);
    assert.deepEqual({ sent, waiting: context.slots.waiting }, { sent: [], waiting: 1 });
    context.slots.release();
    settle();
    assert.deepEqual(sent, ["a"]);
    request(typeUrls.cluster, "1");
    assert.deepEqual({ sent, waiting: context.slots.waiting }, { sent: ["a", "b"], waiting: 0 });
  });

  test("gives its slot to others when its client reads slowly, and goes on", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const pushLimits = { ...defaultPushLimits, smallBytes: 1, concurrent: 1 };
    const { context, sent, request } = openStream(new OneView(viewOf(clusters("a"))), { isOpen: false, pushLimits });
    request(typeUrls.cluster);
    assert.deepEqual(sent, ["a"]);
    assert.equal(
      context.slots.take(() => undefined),
      false,
    );
    t.mock.timers.tick(pushLimits.slotMs);
    assert.equal(context.slots.waiting, 0);
  });

  test("ends when its client does not read", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { refusals, request } = openStream(new OneView(viewOf(clusters("a"))), { isOpen: false });
    request(typeUrls.cluster);
    t.mock.timers.tick(defaultStreamLimits.readingMs);
    assert.deepEqual(refusals, ["NotReading"]);
  });

  test("ends when its client reads and never answers, however much later a change comes", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { refusals, request, show } = openStream(new OneView(viewOf(clusters("a"))));
    request(typeUrls.cluster);
    t.mock.timers.tick(defaultStreamLimits.answerMs - 1);
    show(viewOf(clusters("b")));
    assert.deepEqual(refusals, []);
    t.mock.timers.tick(1);
    assert.deepEqual(refusals, ["NotAnswering"]);
  });

  test("does not end while its client answers", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { refusals, request, show } = openStream(new OneView(viewOf(clusters("a"))));
    request(typeUrls.cluster);
    request(typeUrls.cluster, "1");
    t.mock.timers.tick(defaultStreamLimits.answerMs);
    show(viewOf(clusters("b")));
    t.mock.timers.tick(defaultStreamLimits.answerMs - 1);
    assert.deepEqual(refusals, []);
  });

  test("sends listeners after a while although endpoints were never asked for", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const endpoints = { a: packAny(ClusterLoadAssignmentSchema, { clusterName: "a" }) };
    const listeners = { in: packAny(ListenerSchema, { name: "in" }) };
    const { sent, request, settle } = openStream(new OneView(viewOf(clusters("a"), endpoints, listeners)));
    request(typeUrls.cluster);
    request(typeUrls.listener);
    t.mock.timers.tick(4_999);
    settle();
    assert.deepEqual(sent, ["a"]);
    t.mock.timers.tick(1);
    settle();
    assert.deepEqual(sent, ["a", "in"]);
  });
});
