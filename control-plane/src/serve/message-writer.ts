/** Wire type of strings, bytes and messages. Source: https://protobuf.dev/programming-guides/encoding/#structure */
const lengthDelimited = 2;

/** Tag and length: two varints, of numbers below 2^32. */
const maxHeadBytes = 10;

/** A string, or what is encoded already. */
type Value = string | Uint8Array | { readonly bytes: Uint8Array };

/** A field of a protobuf message with its values. */
export type Field = readonly [number: number, values: readonly Value[]];

/** A message that is written piece by piece. */
export interface OutgoingMessage {
  /** Of the whole message, in bytes. */
  readonly sizeBytes: number;
  /** Writes what comes next into a buffer, from a position on, as far as there is room; returns where it ends. */
  writeInto(buffer: Buffer, start: number): number;
}

/**
 * Encodes a message whose fields are strings, bytes and messages that are encoded already, while it is sent: a response is
 * a megabyte, there is one for each proxy, and none is ever held as a whole. Nothing is made for a value, of which there
 * are a thousand.
 */
export class MessageWriter implements OutgoingMessage {
  readonly sizeBytes: number;
  readonly #fields: readonly Field[];
  #field = 0;
  #value = 0;
  readonly #head = Buffer.allocUnsafe(maxHeadBytes);
  /** What is written at the moment: the head of a value, or the value. */
  #piece: Uint8Array = this.#head;
  #written = 0;
  #end = 0;
  /** The value whose head is written. */
  #body: Uint8Array | undefined;

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
    this.sizeBytes = fields.reduce((sum, field) => sum + sizeOf(field), 0);
  }

  writeInto(buffer: Buffer, start: number): number {
    let at = start;
    while (at < buffer.length && (this.#written < this.#end || this.#takeNext())) at = this.#writePiece(buffer, at);
    return at;
  }

  #writePiece(buffer: Buffer, at: number): number {
    const size = Math.min(this.#end - this.#written, buffer.length - at);
    copy(this.#piece, this.#written, buffer, at, size);
    this.#written += size;
    return at + size;
  }

  #takeNext(): boolean {
    if (this.#body === undefined) return this.#takeHead();
    this.#begin(this.#body, this.#body.length);
    this.#body = undefined;
    return true;
  }

  #takeHead(): boolean {
    for (; this.#field < this.#fields.length; this.#field++, this.#value = 0) {
      const [number, values] = this.#fields[this.#field] ?? [0, []];
      const value = values[this.#value];
      if (value === undefined) continue;
      this.#value++;
      this.#body = bytesOf(value);
      this.#begin(this.#head, writeHead(this.#head, number, this.#body.length));
      return true;
    }
    return false;
  }

  #begin(piece: Uint8Array, end: number): void {
    this.#piece = piece;
    this.#written = 0;
    this.#end = end;
  }
}

/** A view of a part of an array is an object that costs more than a few bytes. */
function copy(from: Uint8Array, start: number, to: Buffer, at: number, size: number): void {
  if (size > maxHeadBytes) to.set(size === from.length ? from : from.subarray(start, start + size), at);
  else for (let index = 0; index < size; index++) to.writeUInt8(from[start + index] ?? 0, at + index);
}

function bytesOf(value: Value): Uint8Array {
  if (typeof value === "string") return Buffer.from(value);
  return value instanceof Uint8Array ? value : value.bytes;
}

function sizeOf([number, values]: Field): number {
  let size = values.length * varintSize(number << 3);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? "";
    const length = typeof value === "string" ? Buffer.byteLength(value) : bytesOf(value).length;
    size += varintSize(length) + length;
  }
  return size;
}

function varintSize(value: number): number {
  let size = 1;
  for (let left = value >>> 7; left > 0; left >>>= 7) size++;
  return size;
}

/** Writes tag and length; returns where they end. */
function writeHead(buffer: Buffer, number: number, length: number): number {
  return writeVarint(buffer, writeVarint(buffer, 0, (number << 3) | lengthDelimited), length);
}

/** Returns where what follows it is written. */
function writeVarint(buffer: Buffer, start: number, value: number): number {
  let [at, left] = [start, value];
  for (; left > 0x7f; left >>>= 7) at = buffer.writeUInt8((left & 0x7f) | 0x80, at);
  return buffer.writeUInt8(left, at);
}
