import { readText } from "./wire-fields.ts";

/** A mesh of a thousand Services has some four thousand names. */
const slotCount = 8_192;

/** Longer texts are rare, and each would hold its memory until another takes its slot. In bytes. */
const maxBytes = 512;

/** Source: http://www.isthe.com/chongo/tech/comp/fnv/ */
const fnv = { offset: 0x811c_9dc5, prime: 0x0100_0193 } as const;

/**
 * Strings by their bytes. Proxies say the same names, a thousand each when they connect: read anew for each they were a
 * large part of the garbage of a storm. A text may come as another object than before; what is kept is bounded.
 */
export class SharedTexts {
  readonly #slots: string[] = Array.from({ length: slotCount }, () => "");

  /** Reads a string. Errors: throws on bytes that are not UTF-8. */
  read(bytes: Buffer, start: number, end: number): string {
    const hash = end - start > maxBytes ? undefined : hashOf(bytes, start, end);
    if (hash === undefined) return readText(bytes, start, end);
    const slot = (hash ^ (hash >>> 16)) & (slotCount - 1);
    const known = this.#slots[slot];
    if (known !== undefined && isText(known, bytes, start, end)) return known;
    const text = bytes.toString("latin1", start, end);
    this.#slots[slot] = text;
    return text;
  }
}

/** Undefined for a text that is not ASCII. */
function hashOf(bytes: Buffer, start: number, end: number): number | undefined {
  let [hash, all]: [number, number] = [fnv.offset, 0];
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    all |= byte;
    hash = Math.imul(hash ^ byte, fnv.prime);
  }
  return all > 0x7f ? undefined : hash;
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}
