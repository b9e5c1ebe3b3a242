import { BinaryReader, type WireType } from "@bufbuild/protobuf/wire";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";

/** A resource of a response, of which no more is decoded than its name. */
export interface ReadResource {
  readonly name: string;
  /** All of it, name and version too. */
  readonly bytes: Uint8Array;
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

const nothing = new Uint8Array();

/** Reads a `DeltaDiscoveryResponse`. Errors: throws on bytes that are none. */
export function readResponse(bytes: Uint8Array): ReadResponse {
  const resources: ReadResource[] = [];
  const removed: string[] = [];
  let [type, nonce] = ["", ""];
  eachField(bytes, (number, reader, wireType) => {
    if (number === field.response.resources) resources.push(readResource(reader.bytes()));
    else if (number === field.response.typeUrl) type = reader.string();
    else if (number === field.response.nonce) nonce = reader.string();
    else if (number === field.response.removed) removed.push(reader.string());
    else reader.skip(wireType);
  });
  return { type: `type.googleapis.com/${type.slice(type.indexOf("/") + 1)}`, nonce, resources, removed };
}

function readResource(bytes: Uint8Array): ReadResource {
  let name = "";
  let body: Uint8Array = nothing;
  eachField(bytes, (number, reader, wireType) => {
    if (number === field.resource.name) name = reader.string();
    else if (number === field.resource.body) body = lengthDelimited(reader.bytes(), field.any.value).at(-1) ?? nothing;
    else reader.skip(wireType);
  });
  return { name, bytes, body };
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
