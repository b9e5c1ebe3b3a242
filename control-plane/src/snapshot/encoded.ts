import { createHash } from "node:crypto";
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { encode } from "@meshwright/xds-api/encode";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrl } from "@meshwright/xds-api/type-urls";
import type { EncodedResource, ObjectReference } from "../serve/view.ts";

/**
 * Encodes a resource once, for every proxy that sees it. Its version is a hash of its content, the same on every replica.
 *
 * @param origins the objects of which it was made
 */
export function encodeResource<D extends DescMessage>(
  schema: D,
  name: string,
  message: MessageShape<D>,
  origins: readonly ObjectReference[],
): EncodedResource {
  const value = encode(schema, message);
  const version = createHash("sha256").update(value).digest("base64url").slice(0, 22);
  const resource = create(AnySchema, { typeUrl: typeUrl(schema.typeName), value });
  return { name, version, bytes: encode(ResourceSchema, create(ResourceSchema, { name, version, resource })), origins };
}
