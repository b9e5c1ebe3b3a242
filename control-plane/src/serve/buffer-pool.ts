/**
 * Memory for messages, which is used again once they are read: what Node has for a message that is thrown away it takes
 * back when it next collects garbage, and in a storm a thousand come before that.
 */
export class BufferPool {
  readonly sizeBytes: number;
  readonly #kept: number;
  readonly #free: ArrayBufferLike[] = [];
  /** Memory of messages that are with their readers. */
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /**
   * @param sizeBytes size of each buffer
   * @param kept how many at most are kept for the next messages
   */
  constructor(sizeBytes: number, kept: number) {
    this.sizeBytes = sizeBytes;
    this.#kept = kept;
  }

  /** Returns a buffer that nobody uses. */
  take(): Buffer {
    const memory = this.#free.pop();
    return memory === undefined ? Buffer.allocUnsafeSlow(this.sizeBytes) : Buffer.from(memory);
  }

  /** Notes that a buffer holds one message and nothing else that anybody reads. */
  lend(buffer: Buffer): void {
    if (buffer.buffer.byteLength === this.sizeBytes) this.#lent.add(buffer.buffer);
  }

  /** Takes the memory of a message back, which nobody may read after that. Of other memory, or a second time, it does nothing. */
  giveBack(message: Buffer): void {
    if (this.#lent.delete(message.buffer) && this.#free.length < this.#kept) this.#free.push(message.buffer);
  }
}
