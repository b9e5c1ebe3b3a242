/** Why a stream of bytes is no stream of messages. */
export type MessageProblem =
  | { readonly kind: "tooLarge"; readonly sizeBytes: number }
  /** Nobody was told that we would understand it. */
  | { readonly kind: "compressed" };

/** A flag and a length. */
export const headBytes = 5;

const nothing = Buffer.alloc(0);

/**
 * Cuts what arrives into gRPC messages, each of which has a flag and its length in front. Of a message that has begun and
 * not ended it holds the bytes and at most as many again, however small the parts in which they come.
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
    this.#append(part);
    const messages: Buffer[] = [];
    let rest = this.#buffer.subarray(0, this.#heldBytes);
    while (rest.length >= headBytes) {
      if (rest.readUInt8(0) !== 0) return { kind: "compressed" };
      const sizeBytes = rest.readUInt32BE(1);
      if (sizeBytes > this.#maxBytes) return { kind: "tooLarge", sizeBytes };
      const end = headBytes + sizeBytes;
      if (rest.length < end) break;
      messages.push(rest.subarray(headBytes, end));
      rest = rest.subarray(end);
    }
    if (messages.length > 0) this.#keep(rest);
    return messages;
  }

  #append(part: Buffer): void {
    const size = this.#heldBytes + part.length;
    if (size > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(size, 2 * this.#heldBytes));
      this.#buffer.copy(larger, 0, 0, this.#heldBytes);
      this.#buffer = larger;
    }
    part.copy(this.#buffer, this.#heldBytes);
    this.#heldBytes = size;
  }

  /** The messages that were handed out keep the memory that they are in. */
  #keep(rest: Buffer): void {
    this.#buffer = rest.length === 0 ? nothing : Buffer.from(rest);
    this.#heldBytes = rest.length;
  }
}

/** Writes what stands in front of a message, and returns where it ends. */
export function writeMessageHead(buffer: Buffer, sizeBytes: number): number {
  return buffer.writeUInt32BE(sizeBytes, buffer.writeUInt8(0, 0));
}
