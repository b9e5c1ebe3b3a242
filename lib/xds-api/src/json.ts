import { type DescMessage, fromJson, type JsonValue, type MessageShape, toJson } from "@bufbuild/protobuf";
import { xdsRegistry } from "./registry.ts";

/** Writes a message as in Envoy's documentation and config dump: snake_case fields, and packed messages with `@type`. */
export function toXdsJson<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): JsonValue {
  return toJson(schema, message, { registry: xdsRegistry, useProtoFieldName: true });
}

/**
 * Reads a message from JSON in Envoy's form.
 *
 * Errors: throws on an unknown field, and on an `@type` that `xdsRegistry` does not hold.
 */
export function fromXdsJson<Desc extends DescMessage>(schema: Desc, json: JsonValue): MessageShape<Desc> {
  return fromJson(schema, json, { registry: xdsRegistry });
}
