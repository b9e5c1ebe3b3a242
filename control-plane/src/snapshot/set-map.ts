/** Counted sets of strings by key: a member is there as long as it was added more often than removed. */
export class SetMap {
  readonly #counts = new Map<string, Map<string, number>>();

  get(key: string): readonly string[] {
    return [...(this.#counts.get(key)?.keys() ?? [])];
  }

  add(key: string, member: string): void {
    const counts = this.#counts.get(key) ?? new Map<string, number>();
    counts.set(member, (counts.get(member) ?? 0) + 1);
    this.#counts.set(key, counts);
  }

  remove(key: string, member: string): void {
    const counts = this.#counts.get(key);
    const count = counts?.get(member);
    if (counts === undefined || count === undefined) return;
    if (count > 1) counts.set(member, count - 1);
    else counts.delete(member);
    if (counts.size === 0) this.#counts.delete(key);
  }
}
