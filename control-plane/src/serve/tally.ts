/** Counts by key, and over all keys. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** Returns the count with this one. */
  add(key: string): number {
    const count = this.of(key) + 1;
    this.#counts.set(key, count);
    this.#total++;
    return count;
  }

  remove(key: string): void {
    const count = this.of(key) - 1;
    this.#total--;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  get total(): number {
    return this.#total;
  }
}
