import { fromBinary } from "@bufbuild/protobuf";
import { DeltaDiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import { nodeField, splitRequest } from "./node-bytes.ts";
import { readError } from "./read-error.ts";
import { readNode } from "./read-node.ts";
import type { DeltaRequest } from "./session.ts";
import type { FromStream } from "./stream-request.ts";

/** Reads a `DeltaDiscoveryRequest`. Throws on bytes that are none, which ends the stream. */
export function decodeDeltaRequest(bytes: Uint8Array): FromStream<DeltaRequest> {
  const { node, rest } = splitRequest(bytes, nodeField.delta);
  const request = fromBinary(DeltaDiscoveryRequestSchema, rest);
  return {
    node: readNode(node ?? request.node),
    // any other string is a type without resources
    type: request.typeUrl as TypeUrl,
    nonce: request.responseNonce,
    error: readError(request.errorDetail),
    subscribe: request.resourceNamesSubscribe,
    unsubscribe: request.resourceNamesUnsubscribe,
    initialVersions: request.initialResourceVersions,
  };
}
