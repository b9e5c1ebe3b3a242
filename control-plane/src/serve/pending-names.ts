const none: readonly string[] = [];

/** Up to so many names a look through a list costs less than a set. */
const fewNames = 8;

/**
 * Names of which a client may have to be told something, in the order in which they came. A proxy that connects asks for a
 * thousand at once, and most often is told of all of them in one response: such names stay the list that they are, and
 * only what comes besides makes a set.
 */
export class PendingNames implements Iterable<string> {
  /** Without a name twice; empty where the set has names. */
  #list: readonly string[] = none;
  #set: Set<string> | undefined;

  /** @param list names, without one twice */
  constructor(list: readonly string[] = none) {
    this.#list = list;
  }

  get size(): number {
    return this.#set?.size ?? this.#list.length;
  }

  [Symbol.iterator](): Iterator<string> {
    return (this.#set ?? this.#list)[Symbol.iterator]();
  }

  /** Visits names until the visitor says that it does not take one: an iterator would make an object for each of them. */
  visit(takes: (name: string) => boolean): void {
    for (let index = 0; index < this.#list.length; index++) if (!takes(this.#list[index] ?? "")) return;
    if (this.#set !== undefined) for (const name of this.#set) if (!takes(name)) return;
  }

  add(name: string): void {
    if (this.#set === undefined && this.#list.length < fewNames) return this.#addToFew(name);
    this.#set ??= new Set(this.#list);
    this.#list = none;
    this.#set.add(name);
  }

  /** Adds names, of which none comes twice. */
  addAll(names: readonly string[]): void {
    if (this.size > 0) for (const name of names) this.add(name);
    else [this.#list, this.#set] = [names, undefined];
  }

  #addToFew(name: string): void {
    if (!this.#list.includes(name)) this.#list = [...this.#list, name];
  }

  /** Takes out what a visitor saw first, so many names, but for those that it keeps, which come in the order of this. */
  settle(visited: number, kept: readonly string[]): void {
    const left = visited === this.size ? kept : [...kept, ...[...this].slice(visited)];
    [this.#list, this.#set] = [left, undefined];
  }
}
