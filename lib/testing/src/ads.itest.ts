import assert from "node:assert/strict";
import { test } from "node:test";
import { packAny } from "@meshwright/xds-api/any";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { UpstreamTlsContextSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb";
import { requireAccepted } from "./ads.ts";
import type { AdsResource } from "./ads-server.ts";

function tlsCluster(name: string, sni: string): AdsResource {
  const typedConfig = { case: "typedConfig", value: packAny(UpstreamTlsContextSchema, { sni }) } as const;
  const transportSocket = { name: "envoy.transport_sockets.tls", configType: typedConfig };
  return { name, body: packAny(ClusterSchema, { name, transportSocket }) };
}

test("a cluster that Envoy accepts is proven", async () => {
  await requireAccepted([tlsCluster("good", "a")]);
});

test("a cluster that Envoy rejects fails with Envoy's words", async () => {
  await assert.rejects(requireAccepted([tlsCluster("bad", "a".repeat(300))]), /bad: [^]*Sni: value length/);
});
