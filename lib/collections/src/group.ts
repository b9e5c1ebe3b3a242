import type { Value } from "./collection.ts";

/** Up to so many changed members are put in place one by one; more are sorted together with all others. */
const fewMembers = 8;

/** The values that share a key of an index, in the order of their own keys. It never changes: a change is another group. */
export class Group<V extends Value> implements Iterable<V> {
  readonly #keys: readonly string[];
  readonly #values: readonly V[];

  private constructor(keys: readonly string[], values: readonly V[]) {
    this.#keys = keys;
    this.#values = values;
  }

  static empty<V extends Value>(): Group<V> {
    return new Group([], []);
  }

  get size(): number {
    return this.#keys.length;
  }

  get values(): readonly V[] {
    return this.#values;
  }

  /** Members with their keys. */
  entries(): readonly (readonly [key: string, value: V])[] {
    return this.#values.map((value, place) => [this.#keys[place] ?? "", value]);
  }

  [Symbol.iterator](): Iterator<V> {
    return this.#values[Symbol.iterator]();
  }

  /** Returns the group with the newest values of some members, of which those without a value are gone. */
  with(members: ReadonlyMap<string, V | undefined>): Group<V> {
    return members.size > fewMembers ? this.#sortedWith(members) : this.#splicedWith(members);
  }

  #splicedWith(members: ReadonlyMap<string, V | undefined>): Group<V> {
    const keys = [...this.#keys];
    const values = [...this.#values];
    for (const [key, value] of members) {
      const place = placeOf(keys, key);
      const present = keys[place] === key ? 1 : 0;
      keys.splice(place, present, ...(value === undefined ? [] : [key]));
      values.splice(place, present, ...(value === undefined ? [] : [value]));
    }
    return new Group(keys, values);
  }

  #sortedWith(members: ReadonlyMap<string, V | undefined>): Group<V> {
    const all = new Map<string, V>();
    for (const [place, value] of this.#values.entries()) all.set(this.#keys[place] ?? "", value);
    for (const [key, value] of members) {
      if (value === undefined) all.delete(key);
      else all.set(key, value);
    }
    const sorted = [...all].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return new Group(
      sorted.map(([key]) => key),
      sorted.map(([, value]) => value),
    );
  }
}

/** First place whose key is not below the wanted one. */
function placeOf(keys: readonly string[], key: string): number {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((keys[middle] ?? "") < key) from = middle + 1;
    else to = middle;
  }
  return from;
}
