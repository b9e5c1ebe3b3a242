/** Why a stream of bytes is no stream of messages. */
export type MessageProblem =
  | { readonly kind: "tooLarge"; readonly sizeBytes: number }
  /** Nobody was told that we would understand it. */
  | { readonly kind: "compressed" };

const headBytes = 5;

/**
 * Cuts what arrives into gRPC messages, each of which has a flag and its length in front. It holds no more than one that
 * has begun and not ended.
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class MessageReader {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
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
    this.#parts.push(part);
    this.#heldBytes += part.length;
    const messages: Buffer[] = [];
    while (this.#heldBytes >= headBytes) {
      const head = this.#head();
      const sizeBytes = head.readUInt32BE(1);
      if (head.readUInt8(0) !== 0) return { kind: "compressed" };
      if (sizeBytes > this.#maxBytes) return { kind: "tooLarge", sizeBytes };
      if (this.#heldBytes < headBytes + sizeBytes) break;
      messages.push(this.#take(sizeBytes));
    }
    return messages;
  }

  /** Joins parts only as far as it must. */
  #head(): Buffer {
    const [first] = this.#parts;
    if (first !== undefined && first.length >= headBytes) return first;
    const all = Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }

  #take(sizeBytes: number): Buffer {
    const all = Buffer.concat(this.#parts);
    const rest = all.subarray(headBytes + sizeBytes);
    this.#parts = rest.length > 0 ? [rest] : [];
    this.#heldBytes = rest.length;
    return all.subarray(headBytes, headBytes + sizeBytes);
  }
}

/** What stands in front of a message. */
export function messageHead(sizeBytes: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(sizeBytes, 1);
  return head;
}
