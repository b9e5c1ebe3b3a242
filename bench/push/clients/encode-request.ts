import { create, toBinary } from "@bufbuild/protobuf";
import type { Node } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import { DeltaDiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { Request } from "./discovery.ts";
import { frame, writePrefix } from "./grpc-frames.ts";

/** Tags of strings in a `DeltaDiscoveryRequest`. Source: envoy/service/discovery/v3/discovery.proto */
const tag = { typeUrl: (2 << 3) | 2, nonce: (6 << 3) | 2 } as const;

/** Longest text whose length is one byte. Source: https://protobuf.dev/programming-guides/encoding/#varints */
const shortLength = 0x7f;

/** Encodes a request as it is sent. @param node what the proxy says of itself, in the first request of a stream only */
export function encodeRequest(request: Request, node?: Node): Buffer {
  const { type, nonce, subscribe, unsubscribe } = request;
  const isPlain = node === undefined && subscribe.length + unsubscribe.length === 0;
  if (isPlain && type.length <= shortLength && nonce.length <= shortLength) return encodeAnswer(request);
  const message = create(DeltaDiscoveryRequestSchema, {
    ...(node === undefined ? {} : { node }),
    typeUrl: type,
    responseNonce: nonce,
    resourceNamesSubscribe: [...subscribe],
    resourceNamesUnsubscribe: [...unsubscribe],
  });
  return frame(toBinary(DeltaDiscoveryRequestSchema, message));
}

/** By hand: hundreds of clients in one process answer every change, and what that costs is part of what is measured. */
function encodeAnswer({ type, nonce }: Request): Buffer {
  const size = 2 + type.length + (nonce === "" ? 0 : 2 + nonce.length);
  const { buffer, at } = writePrefix(size);
  const end = writeText(buffer, at, tag.typeUrl, type);
  if (nonce !== "") writeText(buffer, end, tag.nonce, nonce);
  return buffer;
}

function writeText(buffer: Buffer, at: number, fieldTag: number, text: string): number {
  const start = buffer.writeUInt8(text.length, buffer.writeUInt8(fieldTag, at));
  return start + buffer.write(text, start, "latin1");
}
