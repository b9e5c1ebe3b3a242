import { create, toBinary } from "@bufbuild/protobuf";
import { adsBootstrap } from "@meshwright/testing/ads-bootstrap";
import { serveAds } from "@meshwright/testing/ads-server";
import { startEnvoy } from "@meshwright/testing/envoy";
import { NodeSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";

/**
 * Asks a real Envoy what it says of itself, and returns of that what is the same for every proxy, as an encoded `Node` in
 * base64: its version and all its extensions, some tens of kilobytes that a control plane has to read of each one.
 */
export async function envoyNode(): Promise<string> {
  await using server = await serveAds([]);
  await using _envoy = await startEnvoy(adsBootstrap({ port: server.port }));
  const { userAgentName, userAgentVersionType, extensions, clientFeatures } = await server.node;
  const common = create(NodeSchema, { userAgentName, userAgentVersionType, extensions, clientFeatures });
  return Buffer.from(toBinary(NodeSchema, common)).toString("base64");
}
