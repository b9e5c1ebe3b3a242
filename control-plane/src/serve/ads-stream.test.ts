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
import { type AdsContext, AdsStream } from "./ads-stream.ts";
import { Changes } from "./changes.ts";
import { ProxyTable } from "./proxy-table.ts";
import { type Bodies, OneView, viewOf } from "./testdata/one-view.ts";
import type { ProxyNode } from "./view.ts";

const node: ProxyNode = {
  id: "sidecar~127.0.0.1~web-1.shop~shop.svc.cluster.local",
  cluster: "web",
  envoyVersion: "1.40.0",
  traits: { ipStack: "dual", capturesDns: false },
};
const peer = {
  identity: { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" },
  certificate: { serial: "1", issuer: "O=cluster.local" },
};

const clusters = (...names: string[]): Bodies =>
  Object.fromEntries(names.map((name) => [name, packAny(ClusterSchema, { name })]));

/** A stream whose transport takes what it is given, or says that it is full. */
function openStream(source: OneView, outlet: { isFull: boolean } = { isFull: false }) {
  const sent: string[] = [];
  const context: AdsContext = {
    source,
    changes: new Changes(),
    table: new ProxyTable(),
    log: silentLogger,
    onReject: () => undefined,
    warmingTimeoutMs: 5_000,
  };
  const write = (bytes: Buffer): boolean => {
    const { resources } = fromBinary(DeltaDiscoveryResponseSchema, bytes);
    sent.push(resources.map(({ name }) => name).join(" "));
    return !outlet.isFull;
  };
  const stream = AdsStream.open(context, node, peer, { write });
  assert.ok(stream instanceof AdsStream);
  const request = (type: TypeUrl, nonce = ""): void =>
    stream.request({ node, type, nonce, error: undefined, subscribe: [], unsubscribe: [], initialVersions: {} });
  return { stream, sent, request };
}

describe("a stream", () => {
  test("writes nothing while its transport is full, and then only the newest", () => {
    const source = new OneView(viewOf(clusters("a")));
    const outlet = { isFull: true };
    const { stream, sent, request } = openStream(source, outlet);
    request(typeUrls.cluster);
    request(typeUrls.cluster, "1");
    source.show(viewOf(clusters("b")));
    source.show(viewOf(clusters("c")));
    assert.deepEqual(sent, ["a"]);
    outlet.isFull = false;
    stream.drained();
    assert.deepEqual(sent, ["a", "c"]);
  });

  test("writes nothing after it was closed", () => {
    const source = new OneView(viewOf(clusters("a")));
    const { stream, sent } = openStream(source);
    stream.close();
    source.show(viewOf(clusters("b")));
    stream.drained();
    assert.deepEqual({ sent, listening: source.listening }, { sent: [], listening: 0 });
  });

  test("sends listeners after a while although endpoints were never asked for", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const endpoints = { a: packAny(ClusterLoadAssignmentSchema, { clusterName: "a" }) };
    const listeners = { in: packAny(ListenerSchema, { name: "in" }) };
    const { sent, request } = openStream(new OneView(viewOf(clusters("a"), endpoints, listeners)));
    request(typeUrls.cluster);
    request(typeUrls.listener);
    t.mock.timers.tick(4_999);
    assert.deepEqual(sent, ["a"]);
    t.mock.timers.tick(1);
    assert.deepEqual(sent, ["a", "in"]);
  });
});
