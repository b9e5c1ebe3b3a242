import { createHash } from "node:crypto";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { encode } from "@meshwright/xds-api/encode";
import { typeUrl } from "@meshwright/xds-api/type-urls";
import type { EncodedResource } from "../serve/view.ts";
import type { PushObserver } from "./observer.ts";
import type { Origins } from "./origins.ts";
import { concatenated, resourceBytes } from "./resource-bytes.ts";
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
    return this.#timed(translate, (messages) =>
      messages.map((message) => this.#resource(kind, kind.nameOf(message), encode(kind.schema, message), origins)),
    );
  }

  /** Encodes a part of a resource, which several are put together from. */
  encodePart<D extends DescMessage>(kind: ResourceKind<D>, translate: () => MessageShape<D>): Uint8Array {
    return this.#timed(translate, (message) => encode(kind.schema, message));
  }

  /** Puts a resource together from its encoded parts. */
  encodeParts<D extends DescMessage>(
    kind: ResourceKind<D>,
    name: string,
    parts: readonly Uint8Array[],
    origins: Origins,
  ): EncodedResource {
    return this.#timed(
      () => parts,
      () => this.#resource(kind, name, concatenated(parts), origins),
    );
  }

  takeTimes(): EncodingTimes {
    const times = { translateMs: this.#translateMs, encodeMs: this.#encodeMs };
    this.#translateMs = 0;
    this.#encodeMs = 0;
    return times;
  }

  #timed<T, R>(translate: () => T, encoded: (translation: T) => R): R {
    const startedMs = this.#now();
    const translation = translate();
    const translatedMs = this.#now();
    const result = encoded(translation);
    this.#translateMs += translatedMs - startedMs;
    this.#encodeMs += this.#now() - translatedMs;
    return result;
  }

  #resource<D extends DescMessage>(
    { schema, type }: ResourceKind<D>,
    name: string,
    value: Uint8Array,
    origins: Origins,
  ): EncodedResource {
    const version = versionOf(value);
    const bytes = resourceBytes({ name, version, typeUrl: typeUrl(schema.typeName) }, value);
    this.#observer.encoded(type, bytes.length);
    return {
      name,
      version,
      bytes,
      get origins() {
        return origins();
      },
    };
  }
}

/** Version of an encoded message: a hash of the content, the same on every replica. */
export function versionOf(value: Uint8Array): string {
  return createHash("sha256").update(value).digest("base64url").slice(0, 22);
}
