/** Counts by key, and over all keys. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #total = 0;

  add(key: string, change: 1 | -1): void {
    const count = this.of(key) + change;
    this.#total += change;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  get total(): number {
    return this.#total;
  }
}
