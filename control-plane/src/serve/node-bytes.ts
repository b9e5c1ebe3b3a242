import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type Node, NodeSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import { visitFields } from "./wire-fields.ts";

/** A request in two: what it says of its sender, and the rest of it. */
export interface SplitRequest {
  /** Undefined when it does not begin with a node, as all but the first of a stream. */
  readonly node: Node | undefined;
  readonly rest: Buffer;
}

/** Number of `extensions` in a `Node`. */
const extensionsField = 9;

/**
 * Reads a node. An Envoy names all its extensions there, 500 of them in 60 kB, which nobody asks for: they are passed over,
 * at a twentieth of what it takes to read them.
 *
 * Errors: throws on bytes that are no message.
 */
export function decodeNode(bytes: Buffer): Node {
  return fromBinary(NodeSchema, withoutExtensions(bytes));
}

/**
 * Takes the node off the front of an encoded discovery request.
 *
 * @param field number of the node in this kind of request
 *
 * Errors: throws on bytes that are no message.
 */
export function splitRequest(bytes: Buffer, field: number): SplitRequest {
  const reader = new BinaryReader(bytes);
  const [number, type] = bytes.length > 0 ? reader.tag() : [];
  if (number !== field || type !== WireType.LengthDelimited) return { node: undefined, rest: bytes };
  const size = reader.uint32();
  const end = reader.pos + size;
  if (end > bytes.length) throw new RangeError("the node is cut off");
  return { node: decodeNode(bytes.subarray(reader.pos, end)), rest: bytes.subarray(end) };
}

/** They stand together: what is kept is what is before the first, between and after them. */
function withoutExtensions(bytes: Buffer): Uint8Array {
  const kept: Uint8Array[] = [];
  let keptTo = 0;
  visitFields(bytes, 0, bytes.length, (number, _, end, fieldStart) => {
    if (number !== extensionsField) return;
    if (fieldStart > keptTo) kept.push(bytes.subarray(keptTo, fieldStart));
    keptTo = end;
  });
  return Buffer.concat([...kept, bytes.subarray(keptTo)]);
}
