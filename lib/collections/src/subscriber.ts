import type { Change, Changed, Collection, Dependent, Value } from "./collection.ts";

/** Gathers what changes in a collection until the batch is settled, and tells a listener. */
export class Subscriber<V extends Value> implements Dependent<V> {
  readonly #collection: Collection<V>;
  readonly #listener: (changes: readonly Change<V>[]) => void;
  #before = new Map<string, V | undefined>();

  constructor(collection: Collection<V>, listener: (changes: readonly Change<V>[]) => void) {
    this.#collection = collection;
    this.#listener = listener;
  }

  inputChanged(changed: Changed<V>): void {
    // A batch that is worked off in pieces may announce a key twice: what counts is what was before the first.
    for (const [key, before] of changed) if (!this.#before.has(key)) this.#before.set(key, before);
    this.#collection.graph.scheduleEffect(this.#tell);
  }

  readonly #tell = (): void => {
    const changes = [...this.#before].map(([key, before]) => ({ key, before, after: this.#collection.get(key) }));
    this.#before = new Map();
    this.#listener(changes);
  };
}
