import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Response } from "./conversation.ts";

/** Field numbers of `envoy.service.discovery.v3.DeltaDiscoveryResponse`. */
const field = { resources: 2, typeUrl: 4, nonce: 5, removedResources: 6 } as const;

/** Encodes a response around resources that are already encoded: their bytes are copied as they are. */
export function encodeDeltaResponse(response: Omit<Response, "encode">): Buffer {
  const writer = new BinaryWriter();
  for (const { bytes } of response.resources) writer.tag(field.resources, WireType.LengthDelimited).bytes(bytes);
  writer.tag(field.typeUrl, WireType.LengthDelimited).string(response.type);
  writer.tag(field.nonce, WireType.LengthDelimited).string(response.nonce);
  for (const name of response.removed) writer.tag(field.removedResources, WireType.LengthDelimited).string(name);
  const bytes = writer.finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
