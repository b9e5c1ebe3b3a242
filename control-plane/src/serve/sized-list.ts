/** What is told may turn out too large at once: a list is not made as long as it may become before it is this long. */
const shortLength = 32;

/** A list whose length is known at most: one that grows leaves behind twice what it holds, for each proxy that connects. */
export class SizedList<Item> {
  readonly #most: number;
  readonly #items: Item[] = [];
  #length = 0;

  /** @param most how many items are added at most */
  constructor(most: number) {
    this.#most = most;
    this.#items.length = Math.min(most, shortLength);
  }

  get length(): number {
    return this.#length;
  }

  add(item: Item): void {
    if (this.#length === shortLength) this.#items.length = this.#most;
    this.#items[this.#length++] = item;
  }

  /** Returns what was added; nothing may be added after that. */
  done(): readonly Item[] {
    this.#items.length = this.#length;
    return this.#items;
  }
}
