import type { Response } from "./conversation.ts";
import { encodeFields, type Field } from "./message-writer.ts";

/** Field numbers of `envoy.service.discovery.v3.DeltaDiscoveryResponse`. */
const field = { resources: 2, typeUrl: 4, nonce: 5, removedResources: 6 } as const;

/** Encodes a response around resources that are already encoded: their bytes are copied as they are. */
export function encodeDeltaResponse({ type, nonce, resources, removed }: Omit<Response, "encode">): Buffer {
  return encodeFields([
    ...resources.map(({ bytes }): Field => [field.resources, bytes]),
    [field.typeUrl, type],
    [field.nonce, nonce],
    ...removed.map((name): Field => [field.removedResources, name]),
  ]);
}
