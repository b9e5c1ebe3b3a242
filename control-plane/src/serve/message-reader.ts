import { BufferPool } from "./buffer-pool.ts";

/** Why a stream of bytes is no stream of messages. */
export type MessageProblem =
  | { readonly kind: "tooLarge"; readonly sizeBytes: number }
  /** Nobody was told that we would understand it. */
  | { readonly kind: "compressed" };

/** A flag and a length. */
export const headBytes = 5;

const nothing = Buffer.alloc(0);

/**
 * A message that says that it is no larger gets its memory at once, in bytes: the names of a thousand Services. A larger
 * one gets it as it comes, since whoever says so may never send it.
 */
const trustedBytes = 64 * 1024;

/** Of all readers: what one has read another uses. */
const pool = new BufferPool(headBytes + trustedBytes, 16);

/** Says that a message was read, and its bytes are nobody's any more. Need not be said. */
export function forgetMessage(message: Buffer): void {
  pool.giveBack(message);
}

/**
 * Cuts what arrives into gRPC messages, each of which has a flag and its length in front. Of a message that has begun and
 * not ended it holds the bytes and at most as many again, or 64 KiB, however small the parts in which they come.
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class MessageReader {
  readonly #maxBytes: number;
  /** Bytes that belong to no whole message, from its beginning on. */
  #buffer: Buffer = nothing;
  #heldBytes = 0;

  /** @param maxBytes size of the largest message */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the message that has begun and not ended. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes what has arrived; returns the messages that it completes, or what is wrong with the one that begins. */
  push(part: Buffer): readonly Buffer[] | MessageProblem {
    if (this.#heldBytes > 0) this.#append(part);
    const messages: Buffer[] = [];
    let rest = this.#heldBytes > 0 ? this.#buffer.subarray(0, this.#heldBytes) : part;
    while (rest.length >= headBytes) {
      if (rest.readUInt8(0) !== 0) return { kind: "compressed" };
      const sizeBytes = rest.readUInt32BE(1);
      if (sizeBytes > this.#maxBytes) return { kind: "tooLarge", sizeBytes };
      const end = headBytes + sizeBytes;
      if (rest.length < end) break;
      messages.push(rest.subarray(headBytes, end));
      rest = rest.subarray(end);
    }
    if (messages.length === 1 && this.#heldBytes > 0) pool.lend(this.#buffer);
    if (messages.length > 0 || this.#heldBytes === 0) this.#keep(rest);
    return messages;
  }

  /** The messages that were handed out keep the memory that they are in. */
  #keep(rest: Buffer): void {
    this.#buffer = nothing;
    this.#heldBytes = 0;
    if (rest.length > 0) this.#append(rest);
  }

  #append(part: Buffer): void {
    const size = this.#heldBytes + part.length;
    if (size > this.#buffer.length) {
      const larger = this.#larger(size, this.#announcedBytes(part));
      this.#buffer.copy(larger, 0, 0, this.#heldBytes);
      this.#buffer = larger;
    }
    part.copy(this.#buffer, this.#heldBytes);
    this.#heldBytes = size;
  }

  /** What comes with the end of a small message and does not fit is a part of the next, which may be of any size. */
  #larger(size: number, announcedBytes: number): Buffer {
    if (announcedBytes > pool.sizeBytes) return Buffer.allocUnsafeSlow(Math.max(size, 2 * this.#heldBytes));
    const isLarge = announcedBytes > pool.sizeBytes / 8 && size <= pool.sizeBytes;
    return isLarge ? pool.take() : Buffer.allocUnsafeSlow(Math.max(size, announcedBytes));
  }

  /** Of the message that has begun, with its head; 0 when the head is not whole. */
  #announcedBytes(part: Buffer): number {
    const begin = this.#heldBytes > 0 ? this.#buffer.subarray(0, this.#heldBytes) : part;
    return begin.length < headBytes ? 0 : headBytes + begin.readUInt32BE(1);
  }
}

/** Writes what stands in front of a message, and returns where it ends. */
export function writeMessageHead(buffer: Buffer, sizeBytes: number): number {
  return buffer.writeUInt32BE(sizeBytes, buffer.writeUInt8(0, 0));
}
