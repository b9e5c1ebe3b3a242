import { assertSameGraph, type Changed, Collection, type Dependent, type Value } from "./collection.ts";
import type { MayGoOn } from "./graph.ts";
import type { Derived } from "./map.ts";

class Joined<V extends Value> extends Collection<V> implements Dependent<V> {
  readonly #inputs: readonly Collection<V>[];
  readonly #detach: readonly (() => void)[];
  readonly #dirty = new Set<string>();

  constructor(first: Collection<V>, others: readonly Collection<V>[]) {
    super(first.graph);
    for (const { graph } of others) assertSameGraph(first.graph, graph);
    this.#inputs = [first, ...others];
    this.#detach = this.#inputs.map((input) => input.attach(this));
  }

  begin(): this {
    this.graph.batch(() => {
      for (const input of this.#inputs) for (const key of input.keys()) this.#dirty.add(key);
      this.graph.schedule(this);
    });
    return this;
  }

  inputChanged(changed: Changed<V>): void {
    for (const key of changed.keys()) this.#dirty.add(key);
    this.graph.schedule(this);
  }

  run(mayGoOn: MayGoOn): boolean {
    for (const key of this.#dirty) {
      this.#dirty.delete(key);
      this.put(key, this.#find(key));
      if (!mayGoOn()) break;
    }
    return this.#dirty.size === 0;
  }

  [Symbol.dispose](): void {
    for (const detach of this.#detach) detach();
    this.#dirty.clear();
    this.graph.forget(this);
  }

  #find(key: string): V | undefined {
    for (const input of this.#inputs) {
      const value = input.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }
}

/** Puts collections together. Of several that hold a key, the first one's value counts. */
export function join<V extends Value>(first: Collection<V>, ...others: readonly Collection<V>[]): Derived<V> {
  return new Joined(first, others).begin();
}
