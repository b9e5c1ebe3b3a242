import { create } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import { DeltaDiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { ControlPlane } from "./control-plane.ts";
import type { IssuedIdentity } from "./request-certificate.ts";

/**
 * Opens a delta ADS stream as a proxy does, subscribes to clusters, and returns how many the first response has.
 *
 * Errors: rejects with grpc-js's ServiceError when the stream is refused.
 */
export async function openStream(
  { address, options, rootPem }: ControlPlane,
  nodeId: string,
  identity: IssuedIdentity | undefined,
): Promise<number> {
  const client = new Client(address, channelCredentials(rootPem, identity), options);
  const { deltaAggregatedResources: method } = grpcService(AggregatedDiscoveryService);
  const call = client.makeBidiStreamRequest(
    ...([method.path, method.requestSerialize, method.responseDeserialize] as const),
    { deadline: Date.now() + 10_000 },
  );
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  call.on("data", (response) => resolve(response.resources.length));
  call.on("error", reject);
  call.write(create(DeltaDiscoveryRequestSchema, { node: { id: nodeId }, typeUrl: typeUrls.cluster }));
  return promise.finally(() => {
    call.cancel();
    client.close();
  });
}

function channelCredentials(rootPem: string, identity: IssuedIdentity | undefined) {
  const root = Buffer.from(rootPem);
  if (identity === undefined) return credentials.createSsl(root);
  return credentials.createSsl(root, Buffer.from(identity.key), Buffer.from(identity.certificateChain));
}
