import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, type JsonObject } from "@bufbuild/protobuf";
import fc from "fast-check";
import { packAny } from "./any.ts";
import { encode } from "./encode.ts";
import { ClusterSchema } from "./gen/envoy/config/cluster/v3/cluster_pb.ts";
import { UpstreamTlsContextSchema } from "./gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.ts";

const cluster = (metadata: Readonly<Record<string, JsonObject>>) =>
  create(ClusterSchema, { name: "c", metadata: { filterMetadata: metadata } });

const reversed = <T>(object: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(object).toReversed());

test("equal messages give equal bytes, whatever the order in which their maps were filled", () => {
  const values = fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.integer()));
  fc.assert(
    fc.property(values, (metadata) => {
      const other = reversed(Object.fromEntries(Object.entries(metadata).map(([key, map]) => [key, reversed(map)])));
      assert.deepEqual(encode(ClusterSchema, cluster(metadata)), encode(ClusterSchema, cluster(other)));
    }),
  );
});

test("equal messages give equal bytes, however deep in lists their maps are", () => {
  const inLists = (item: JsonObject): Record<string, JsonObject> => ({ a: { list: [[item]] } });
  const [there, back] = [inLists({ c: 1, d: [{ e: 1, f: 2 }] }), inLists({ d: [{ f: 2, e: 1 }], c: 1 })];
  assert.deepEqual(encode(ClusterSchema, cluster(there)), encode(ClusterSchema, cluster(back)));
});

test("encoding loses nothing and leaves the message as it was", () => {
  const message = cluster({ b: { y: 1, x: { q: 1, p: [{ d: 1, c: 2 }] } }, a: {} });
  const before = structuredClone(message);
  assert.deepEqual(fromBinary(ClusterSchema, encode(ClusterSchema, message)), message);
  assert.deepEqual(message, before);
  assert.deepEqual(Object.keys(message.metadata?.filterMetadata ?? {}), ["b", "a"]);
});

test("a packed message carries its type URL", () => {
  const any = packAny(UpstreamTlsContextSchema, { sni: "a" });
  assert.equal(any.typeUrl, "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext");
  assert.equal(fromBinary(UpstreamTlsContextSchema, any.value).sni, "a");
});
