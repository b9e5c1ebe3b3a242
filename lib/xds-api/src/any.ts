import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { encode } from "./encode.ts";
import { typeUrl } from "./type-urls.ts";

/** Packs a message, given by its fields, for a `typed_config`; equal messages give equal bytes. */
export function packAny<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): Any {
  const value = encode(schema, create(schema, fields));
  return create(AnySchema, { typeUrl: typeUrl(schema.typeName), value });
}
