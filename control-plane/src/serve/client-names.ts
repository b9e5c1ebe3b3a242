import type { NameSet } from "./name-sets.ts";

const none: ReadonlySet<string> = new Set();

/** Names that one client asked for: a set that it may have in common with others, and what differs from that. */
export class ClientNames implements Iterable<string> {
  #common: ReadonlySet<string> = none;
  /** Names of the common set that this client left. */
  readonly #left = new Set<string>();
  /** Names that are not in the common set. */
  readonly #own = new Set<string>();

  get size(): number {
    return this.#common.size - this.#left.size + this.#own.size;
  }

  has(name: string): boolean {
    if (this.#own.size > 0 && this.#own.has(name)) return true;
    return this.#common.has(name) && (this.#left.size === 0 || !this.#left.has(name));
  }

  *[Symbol.iterator](): Iterator<string> {
    for (const name of this.#common) if (!this.#left.has(name)) yield name;
    yield* this.#own;
  }

  add(name: string): void {
    if (this.#common.has(name)) this.#left.delete(name);
    else this.#own.add(name);
  }

  /** Adds the names of a set that others may hold too; the first such set is held and not copied. */
  addSet({ set }: NameSet): void {
    if (this.#common.size > 0) for (const name of set) this.add(name);
    else this.#hold(set);
  }

  /** Says whether the name was there. */
  delete(name: string): boolean {
    if (!this.has(name)) return false;
    if (!this.#own.delete(name)) this.#left.add(name);
    if (this.#left.size > this.#common.size / 2) this.#letGo();
    return true;
  }

  #hold(set: ReadonlySet<string>): void {
    this.#common = set;
    for (const name of this.#own) if (set.has(name)) this.#own.delete(name);
  }

  /** Of a set that a client mostly left nothing is saved. */
  #letGo(): void {
    for (const name of this.#common) if (!this.#left.has(name)) this.#own.add(name);
    this.#common = none;
    this.#left.clear();
  }
}
