import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Response } from "./conversation.ts";

/** Field numbers of `envoy.service.discovery.v3.DeltaDiscoveryResponse`. */
const field = { resources: 2, typeUrl: 4, nonce: 5, removedResources: 6 } as const;

/** The byte that precedes each resource, whose field number is small. */
const resourceTag = (field.resources << 3) | WireType.LengthDelimited;

/**
 * Encodes a response around resources that are already encoded: their bytes are copied as they are, once. A writer that
 * grows as it goes copies a large response several times over, which was a third of what configuring a proxy cost.
 */
export function encodeDeltaResponse(response: Omit<Response, "encode">): Buffer {
  const rest = encodeRest(response);
  const length = response.resources.reduce((sum, { bytes }) => sum + framedLength(bytes), rest.length);
  const target = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { bytes } of response.resources) {
    at = writeFrame(target, at, bytes.length);
    target.set(bytes, at);
    at += bytes.length;
  }
  target.set(rest, at);
  return target;
}

/** All fields but the resources. */
function encodeRest({ type, nonce, removed }: Omit<Response, "encode">): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(field.typeUrl, WireType.LengthDelimited).string(type);
  writer.tag(field.nonce, WireType.LengthDelimited).string(nonce);
  for (const name of removed) writer.tag(field.removedResources, WireType.LengthDelimited).string(name);
  return writer.finish();
}

function framedLength({ length }: Uint8Array): number {
  return 1 + varintLength(length) + length;
}

/** Seven bits to a byte. Source: https://protobuf.dev/programming-guides/encoding/#varints */
function varintLength(value: number): number {
  return Math.max(1, Math.ceil((32 - Math.clz32(value)) / 7));
}

/** Writes tag and length of a resource; returns where its bytes go. */
function writeFrame(target: Buffer, at: number, length: number): number {
  let next = target.writeUInt8(resourceTag, at);
  let left = length;
  for (; left > 0x7f; left >>>= 7) next = target.writeUInt8((left & 0x7f) | 0x80, next);
  return target.writeUInt8(left, next);
}
