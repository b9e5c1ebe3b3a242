import { BinaryReader, type WireType } from "@bufbuild/protobuf/wire";
import { SharedTexts } from "@meshwright/control-plane/serve/shared-texts";
import { visitFields } from "@meshwright/control-plane/serve/wire-fields";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";

/** A resource of a response, of which no more is decoded than its name. */
export interface ReadResource {
  readonly name: string;
  /** All of it, name and version too. */
  readonly bytes: Buffer;
  /** The encoded message that it carries; empty when it carries none. */
  readonly body: Uint8Array;
}

export interface ReadResponse {
  readonly type: TypeUrl;
  readonly nonce: string;
  readonly resources: readonly ReadResource[];
  readonly removed: readonly string[];
}

/** Field numbers. Source: envoy/service/discovery/v3/discovery.proto, google/protobuf/any.proto */
const field = {
  response: { resources: 2, typeUrl: 4, nonce: 5, removed: 6 },
  resource: { body: 2, name: 3 },
  any: { value: 2 },
} as const;

/** Names and types come again and again. */
const texts = new SharedTexts();
/** Some control planes write types of Envoy's under another host. */
const types = new Map<string, TypeUrl>();

/** Reads a `DeltaDiscoveryResponse`. Errors: throws on bytes that are none. */
export function readResponse(bytes: Buffer): ReadResponse {
  const resources: ReadResource[] = [];
  const removed: string[] = [];
  let [type, nonce] = ["", ""];
  visitFields(bytes, 0, bytes.length, (number, start, end) => {
    if (number === field.response.resources) resources.push(readResource(bytes, start, end));
    else if (number === field.response.typeUrl) type = texts.read(bytes, start, end);
    else if (number === field.response.nonce) nonce = texts.read(bytes, start, end);
    else if (number === field.response.removed) removed.push(texts.read(bytes, start, end));
  });
  return { type: typeOf(type), nonce, resources, removed };
}

function typeOf(text: string): TypeUrl {
  const known = types.get(text);
  if (known !== undefined) return known;
  const type = `type.googleapis.com/${text.slice(text.indexOf("/") + 1)}` as const;
  types.set(text, type);
  return type;
}

function readResource(bytes: Buffer, start: number, end: number): ReadResource {
  let [name, bodyStart, bodyEnd] = ["", end, end];
  visitFields(bytes, start, end, (number, from, to) => {
    if (number === field.resource.name) name = texts.read(bytes, from, to);
    else if (number === field.resource.body) [bodyStart, bodyEnd] = valueOfAny(bytes, from, to);
  });
  return { name, bytes: bytes.subarray(start, end), body: bytes.subarray(bodyStart, bodyEnd) };
}

function valueOfAny(bytes: Buffer, start: number, end: number): [number, number] {
  let value: [number, number] = [end, end];
  visitFields(bytes, start, end, (number, from, to) => {
    if (number === field.any.value) value = [from, to];
  });
  return value;
}

/** Returns the values of a field that holds bytes, a text or a message, in order. */
export function lengthDelimited(message: Uint8Array, number: number): Uint8Array[] {
  const values: Uint8Array[] = [];
  eachField(message, (found, reader, wireType) => {
    if (found === number) values.push(reader.bytes());
    else reader.skip(wireType);
  });
  return values;
}

/** Calls the visitor at each field; it must read or skip the value. */
export function eachField(
  message: Uint8Array,
  visit: (number: number, reader: BinaryReader, wireType: WireType) => void,
): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    visit(number, reader, wireType);
  }
}
