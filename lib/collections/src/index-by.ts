import { type Changed, Collection, type Dependent, type Value } from "./collection.ts";
import type { MayGoOn } from "./graph.ts";
import { Group } from "./group.ts";
import type { Derived } from "./map.ts";

/** Groups of a collection's values, by keys that each value gives. */
class Index<V extends Value> extends Collection<Group<V>> implements Dependent<V> {
  readonly #input: Collection<V>;
  readonly #keysOf: (value: V, key: string) => Iterable<string>;
  readonly #detach: () => void;
  /** Members of groups that came, changed or, without a value, went. */
  readonly #dirty = new Map<string, Map<string, V | undefined>>();
  readonly #groupsOf = new Map<string, readonly string[]>();

  constructor(input: Collection<V>, keysOf: (value: V, key: string) => Iterable<string>) {
    super(input.graph);
    this.#input = input;
    this.#keysOf = keysOf;
    this.#detach = input.attach(this);
  }

  begin(): this {
    this.graph.batch(() => this.#take(this.#input.keys()));
    return this;
  }

  inputChanged(changed: Changed<V>): void {
    this.#take(changed.keys());
  }

  run(mayGoOn: MayGoOn): boolean {
    for (const [group, members] of this.#dirty) {
      this.#dirty.delete(group);
      this.#update(group, members);
      if (!mayGoOn()) break;
    }
    return this.#dirty.size === 0;
  }

  [Symbol.dispose](): void {
    this.#detach();
    this.#dirty.clear();
    this.graph.forget(this);
  }

  #take(keys: Iterable<string>): void {
    for (const key of keys) {
      const value = this.#input.get(key);
      const groups = value === undefined ? [] : [...this.#keysOf(value, key)];
      for (const group of this.#groupsOf.get(key) ?? []) this.#mark(group, key, undefined);
      for (const group of groups) this.#mark(group, key, value);
      if (groups.length === 0) this.#groupsOf.delete(key);
      else this.#groupsOf.set(key, groups);
    }
    this.graph.schedule(this);
  }

  #mark(group: string, member: string, value: V | undefined): void {
    const members = this.#dirty.get(group);
    if (members === undefined) this.#dirty.set(group, new Map([[member, value]]));
    else members.set(member, value);
  }

  #update(name: string, members: ReadonlyMap<string, V | undefined>): void {
    const group = (this.get(name) ?? Group.empty<V>()).with(members);
    this.put(name, group.size === 0 ? undefined : group);
  }
}

/**
 * Groups values by keys that each of them gives: a collection of groups, where a group is there as long as it has a member.
 *
 * @param keysOf a pure function; none: the value is in no group
 */
export function indexBy<V extends Value>(
  input: Collection<V>,
  keysOf: (value: V, key: string) => Iterable<string>,
): Derived<Group<V>> {
  return new Index(input, keysOf).begin();
}
