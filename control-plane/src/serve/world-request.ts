import { fromBinary } from "@bufbuild/protobuf";
import { DiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import { splitRequest } from "./node-bytes.ts";
import { readError } from "./read-error.ts";
import { readNode } from "./read-node.ts";
import type { FromStream } from "./stream-request.ts";
import type { WorldRequest } from "./world-session.ts";

/** Number of `node` in a `DiscoveryRequest`; the version comes before it. */
const nodeField = 2;

/** Reads a `DiscoveryRequest`. Throws on bytes that are none, which ends the stream. */
export function decodeWorldRequest(bytes: Buffer): FromStream<WorldRequest> {
  const { node, rest } = splitRequest(bytes, nodeField);
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
