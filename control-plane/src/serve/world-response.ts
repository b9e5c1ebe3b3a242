import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import { MessageWriter, type OutgoingMessage } from "./message-writer.ts";
import type { EncodedResource } from "./view.ts";

/** Field numbers of `envoy.service.discovery.v3.DiscoveryResponse`. */
const field = { version: 1, resources: 2, typeUrl: 4, nonce: 5 } as const;
/** Field number of the packed message in `envoy.service.discovery.v3.Resource`. */
const packedField = 2;

export interface WorldResponse {
  readonly type: TypeUrl;
  readonly version: string;
  readonly nonce: string;
  readonly resources: readonly EncodedResource[];
}

/** Encodes a response around resources that are already encoded: their bytes are copied as they are. */
export function encodeWorldResponse({ type, version, nonce, resources }: WorldResponse): OutgoingMessage {
  return new MessageWriter([
    [field.version, [version]],
    [field.resources, resources.map(({ bytes }) => packed(bytes))],
    [field.typeUrl, [type]],
    [field.nonce, [nonce]],
  ]);
}

/** Takes the packed message out of an encoded `Resource`: this variant sends it without name and version. */
function packed(resource: Uint8Array): Uint8Array {
  const reader = new BinaryReader(resource);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === packedField) return reader.bytes();
    reader.skip(wireType, number);
  }
  return new Uint8Array();
}
