import type { Response } from "./conversation.ts";
import { MessageWriter, type OutgoingMessage } from "./message-writer.ts";

/** Field numbers of `envoy.service.discovery.v3.DeltaDiscoveryResponse`. */
const field = { resources: 2, typeUrl: 4, nonce: 5, removedResources: 6 } as const;

/** Encodes a response around resources that are already encoded: their bytes are copied as they are. */
export function encodeDeltaResponse(response: Omit<Response, "encode">): OutgoingMessage {
  const { type, nonce, resources, removed } = response;
  return new MessageWriter([
    [field.resources, resources],
    [field.typeUrl, [type]],
    [field.nonce, [nonce]],
    [field.removedResources, removed],
  ]);
}
