/** Wire types. Source: https://protobuf.dev/programming-guides/encoding/#structure */
const wireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/** A number of a field and its type take five bytes at most, and so does a length. */
const maxShift = 28;

/**
 * Visits the strings, bytes and messages of an encoded message, in their order; fields of other types are passed over.
 * The message may be a part of another. Nothing is made for a field, of which an Envoy's first request has two thousand.
 *
 * @param visit is told the field's number, where its content begins and ends, and where the field itself begins
 *
 * Errors: throws on bytes that are no message, and on groups, which proto3 does not have.
 */
export function visitFields(
  bytes: Buffer,
  start: number,
  end: number,
  visit: (number: number, start: number, end: number, fieldStart: number) => void,
): void {
  const cursor = new Cursor(bytes, start, end);
  while (!cursor.isAtEnd) {
    const fieldStart = cursor.at;
    const tag = cursor.varint();
    const number = tag >>> 3;
    if (number === 0) throw new RangeError("a field of the message has the number 0");
    if ((tag & 7) !== wireType.lengthDelimited) cursor.pass(tag & 7);
    else {
      const size = cursor.varint();
      const from = cursor.at;
      cursor.skip(size);
      visit(number, from, cursor.at, fieldStart);
    }
  }
}

class Cursor {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  skip(size: number): void {
    this.#at += size;
    if (this.#at > this.#end) throw new RangeError("the message is cut off");
  }

  /** Passes over a value that is of no interest. */
  pass(type: number): void {
    switch (type) {
      case wireType.varint:
        do this.skip(1);
        while (((this.#bytes[this.#at - 1] ?? 0) & 0x80) !== 0);
        break;
      case wireType.fixed64:
        this.skip(8);
        break;
      case wireType.fixed32:
        this.skip(4);
        break;
      default:
        throw new RangeError(`a field of the message is of the unknown type ${type}`);
    }
  }

  /** Reads a number below 2^32. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift <= maxShift; shift += 7) {
      this.skip(1);
      const byte = this.#bytes[this.#at - 1] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError("a length in the message is too long");
  }
}

/** Stands for bytes that are no text; it is also a character. */
const replacement = "\ufffd";
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a string. Errors: throws on bytes that are not UTF-8. */
export function readText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start, end);
  return text.includes(replacement) ? strictDecoder.decode(bytes.subarray(start, end)) : text;
}
