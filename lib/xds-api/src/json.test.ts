import assert from "node:assert/strict";
import { test } from "node:test";
import { ClusterSchema } from "./gen/envoy/config/cluster/v3/cluster_pb.ts";
import { fromXdsJson, toXdsJson } from "./json.ts";

const tlsCluster = {
  name: "c",
  connect_timeout: "1.500s",
  transport_socket: {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      sni: "a",
    },
  },
};

test("JSON in Envoy's form survives a round trip, packed messages included", () => {
  assert.deepEqual(toXdsJson(ClusterSchema, fromXdsJson(ClusterSchema, tlsCluster)), tlsCluster);
});

test("an unknown field is an error", () => {
  assert.throws(() => fromXdsJson(ClusterSchema, { nmae: "c" }));
});
