/** A message is preceded by a byte that says whether it is compressed and its length in four. Source: gRPC over HTTP/2 */
const prefixBytes = 5;

/** Returns a frame for a message of a size, and where in it the message belongs. */
export function writePrefix(sizeBytes: number): { readonly buffer: Buffer; readonly at: number } {
  const buffer = Buffer.allocUnsafe(prefixBytes + sizeBytes);
  return { buffer, at: buffer.writeUInt32BE(sizeBytes, buffer.writeUInt8(0, 0)) };
}

/** Puts a message into the frame in which gRPC sends it. */
export function frame(message: Uint8Array): Buffer {
  const { buffer, at } = writePrefix(message.length);
  buffer.set(message, at);
  return buffer;
}

/** Cuts a stream of bytes into messages. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;

  /** Takes the next bytes; returns the messages that they complete. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: Buffer[] = [];
    for (let message = this.#take(); message !== undefined; message = this.#take()) messages.push(message);
    return messages;
  }

  #take(): Buffer | undefined {
    if (this.#length < prefixBytes) return undefined;
    const whole = prefixBytes + this.#messageLength();
    if (this.#length < whole) return undefined;
    const bytes = this.#joined();
    this.#chunks = bytes.length === whole ? [] : [bytes.subarray(whole)];
    this.#length -= whole;
    return bytes.subarray(prefixBytes, whole);
  }

  /** A large message comes in many chunks, which are joined once, when it is whole. */
  #messageLength(): number {
    const [first] = this.#chunks;
    return (first !== undefined && first.length >= prefixBytes ? first : this.#joined()).readUInt32BE(1);
  }

  #joined(): Buffer {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    return bytes;
  }
}
