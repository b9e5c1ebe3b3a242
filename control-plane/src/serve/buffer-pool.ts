/** Buffers that are kept for the next message. */
const keptBuffers = 16;

/**
 * Memory for messages, which is used again once they are read: what Node has for a message that is thrown away it takes
 * back when it next collects garbage, and in a storm a thousand come before that.
 */
export class BufferPool {
  readonly sizeBytes: number;
  #free: readonly ArrayBufferLike[] = [];
  /** Memory of messages that are with their readers. */
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** @param sizeBytes size of each buffer */
  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  /** Returns a buffer that nobody uses. */
  take(): Buffer {
    const [memory, ...free] = this.#free;
    this.#free = free;
    return memory === undefined ? Buffer.allocUnsafeSlow(this.sizeBytes) : Buffer.from(memory);
  }

  /** Notes that a buffer holds one message and nothing else that anybody reads. */
  lend(buffer: Buffer): void {
    if (buffer.buffer.byteLength === this.sizeBytes) this.#lent.add(buffer.buffer);
  }

  /** Takes the memory of a message back, which nobody may read after that. Of other memory, or a second time, it does nothing. */
  giveBack(message: Buffer): void {
    if (this.#lent.delete(message.buffer) && this.#free.length < keptBuffers)
      this.#free = [...this.#free, message.buffer];
  }
}
