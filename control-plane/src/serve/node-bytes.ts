import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type Node, NodeSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";

/** A request in two: what it says of its sender, and the rest of it. */
export interface SplitRequest {
  /** Undefined when it does not begin with a node, as all but the first of a stream. */
  readonly node: Node | undefined;
  readonly rest: Uint8Array;
}

/** Number of `extensions` in a `Node`. */
const extensionsField = 9;

/**
 * Reads a node. An Envoy names all its extensions there, 500 of them in 60 kB, which nobody asks for: they are passed over,
 * at a twentieth of what it takes to read them.
 *
 * Errors: throws on bytes that are no message.
 */
export function decodeNode(bytes: Uint8Array): Node {
  return fromBinary(NodeSchema, withoutExtensions(bytes));
}

/**
 * Takes the node off the front of an encoded discovery request.
 *
 * @param field number of the node in this kind of request
 *
 * Errors: throws on bytes that are no message.
 */
export function splitRequest(bytes: Uint8Array, field: number): SplitRequest {
  const reader = new BinaryReader(bytes);
  const [number, type] = bytes.length > 0 ? reader.tag() : [];
  if (number !== field || type !== WireType.LengthDelimited) return { node: undefined, rest: bytes };
  return { node: decodeNode(reader.bytes()), rest: bytes.subarray(reader.pos) };
}

function withoutExtensions(bytes: Uint8Array): Uint8Array {
  const reader = new BinaryReader(bytes);
  const kept: Uint8Array[] = [];
  while (reader.pos < bytes.length) {
    const start = reader.pos;
    const [number, type] = reader.tag();
    reader.skip(type, number);
    if (number !== extensionsField) kept.push(bytes.subarray(start, reader.pos));
  }
  return Buffer.concat(kept);
}
