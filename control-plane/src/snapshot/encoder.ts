import { createHash } from "node:crypto";
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { encode } from "@meshwright/xds-api/encode";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrl } from "@meshwright/xds-api/type-urls";
import type { EncodedResource } from "../serve/view.ts";
import type { PushObserver } from "./observer.ts";
import type { Origins } from "./origins.ts";
import type { ResourceKind } from "./resource-kinds.ts";

/** How long was translated and encoded since this was last asked, in milliseconds. */
export interface EncodingTimes {
  readonly translateMs: number;
  readonly encodeMs: number;
}

/** Has resources translated, and encodes them once for every proxy that sees them. */
export class Encoder {
  readonly #observer: PushObserver;
  readonly #now: () => number;
  #translateMs = 0;
  #encodeMs = 0;

  /** @param now a monotonic clock in milliseconds */
  constructor(observer: PushObserver, now: () => number) {
    this.#observer = observer;
    this.#now = now;
  }

  /**
   * Encodes what a function translates.
   *
   * @param origins the objects of which it is made
   */
  encode<D extends DescMessage>(
    kind: ResourceKind<D>,
    translate: () => readonly MessageShape<D>[],
    origins: Origins,
  ): readonly EncodedResource[] {
    const startedMs = this.#now();
    const messages = translate();
    const translatedMs = this.#now();
    const resources = messages.map((message) => encodeResource(kind, message, origins));
    this.#translateMs += translatedMs - startedMs;
    this.#encodeMs += this.#now() - translatedMs;
    for (const { bytes } of resources) this.#observer.encoded(kind.type, bytes.length);
    return resources;
  }

  takeTimes(): EncodingTimes {
    const times = { translateMs: this.#translateMs, encodeMs: this.#encodeMs };
    this.#translateMs = 0;
    this.#encodeMs = 0;
    return times;
  }
}

/** A version is a hash of the content, the same on every replica. */
function encodeResource<D extends DescMessage>(
  kind: ResourceKind<D>,
  message: MessageShape<D>,
  origins: Origins,
): EncodedResource {
  const { schema } = kind;
  const name = kind.nameOf(message);
  const value = encode(schema, message);
  const version = createHash("sha256").update(value).digest("base64url").slice(0, 22);
  const resource = create(AnySchema, { typeUrl: typeUrl(schema.typeName), value });
  const bytes = encode(ResourceSchema, create(ResourceSchema, { name, version, resource }));
  return {
    name,
    version,
    bytes,
    get origins() {
      return origins();
    },
  };
}
