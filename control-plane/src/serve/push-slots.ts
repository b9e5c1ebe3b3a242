/**
 * Lets a number of large responses be under way at a time, and the others wait in the order in which they asked: a
 * thousand proxies that connect at once wait for each other and not in memory.
 */
export class PushSlots {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Takes a slot now, or has `granted` called when one is taken for it. */
  take(granted: () => void): boolean {
    if (this.#free === 0) {
      this.#waiting.add(granted);
      return false;
    }
    this.#free--;
    return true;
  }

  /** Takes back a request that was not granted yet. */
  leave(granted: () => void): void {
    this.#waiting.delete(granted);
  }

  /** Gives a slot back, to whoever waits longest. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  get waiting(): number {
    return this.#waiting.size;
  }
}
