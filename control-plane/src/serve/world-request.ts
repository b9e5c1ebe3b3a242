import { fromBinary } from "@bufbuild/protobuf";
import { DiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import { nodeField, splitRequest } from "./node-bytes.ts";
import { readError } from "./read-error.ts";
import { readNode } from "./read-node.ts";
import type { FromStream } from "./stream-request.ts";
import type { WorldRequest } from "./world-session.ts";

/** Reads a `DiscoveryRequest`. Throws on bytes that are none, which ends the stream. */
export function decodeWorldRequest(bytes: Uint8Array): FromStream<WorldRequest> {
  const { node, rest } = splitRequest(bytes, nodeField.world);
  const request = fromBinary(DiscoveryRequestSchema, rest);
  return {
    node: readNode(node ?? request.node),
    // any other string is a type without resources
    type: request.typeUrl as TypeUrl,
    nonce: request.responseNonce,
    error: readError(request.errorDetail),
    names: request.resourceNames,
  };
}
