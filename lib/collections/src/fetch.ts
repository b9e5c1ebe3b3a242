import { assertSameGraph, type Collection, type Value } from "./collection.ts";
import { CollectionError } from "./collection-error.ts";
import { Dependency } from "./dependency.ts";

/** How a transform reads other collections: it runs again when what it read has changed, and only then. */
export interface Fetch {
  get<V extends Value>(collection: Collection<V>, key: string): V | undefined;
  /** Everything in a collection, in no particular order. */
  all<V extends Value>(collection: Collection<V>): ReadonlyMap<string, V>;
}

/** Something that was read; without a key it was everything. */
interface Read {
  readonly from: Dependency;
  readonly key: string | undefined;
}

/** Keeps account of what a transform reads for each of its keys. */
export class Fetches implements Fetch {
  readonly #owner: Collection<Value>;
  readonly #onChange: (reader: string) => void;
  readonly #dependencies = new Map<Collection<Value>, Dependency>();
  readonly #reads = new Map<string, Read[]>();
  #reader = "";

  constructor(owner: Collection<Value>, onChange: (reader: string) => void) {
    this.#owner = owner;
    this.#onChange = onChange;
  }

  get<V extends Value>(collection: Collection<V>, key: string): V | undefined {
    const from = this.#dependencyOn(collection);
    if (from.add(this.#reader, key)) this.#remember({ from, key });
    return collection.get(key);
  }

  all<V extends Value>(collection: Collection<V>): ReadonlyMap<string, V> {
    const from = this.#dependencyOn(collection);
    if (from.addAll(this.#reader)) this.#remember({ from, key: undefined });
    return collection.snapshot();
  }

  /** Forgets what a key read, and counts what is read from now on as read by it. */
  begin(reader: string): void {
    for (const { from, key } of this.#reads.get(reader) ?? []) {
      if (key === undefined) from.removeAll(reader);
      else from.remove(reader, key);
    }
    this.#reads.delete(reader);
    this.#reader = reader;
  }

  detach(): void {
    for (const dependency of this.#dependencies.values()) dependency.detach();
    this.#dependencies.clear();
    this.#reads.clear();
  }

  #remember(read: Read): void {
    const reads = this.#reads.get(this.#reader);
    if (reads === undefined) this.#reads.set(this.#reader, [read]);
    else reads.push(read);
  }

  #dependencyOn(collection: Collection<Value>): Dependency {
    const known = this.#dependencies.get(collection);
    if (known !== undefined) return known;
    assertSameGraph(collection.graph, this.#owner.graph);
    if (collection.order >= this.#owner.order)
      throw new CollectionError(
        "FetchedAhead",
        "cannot fetch from a collection that was made after the transform's own",
      );
    const made = new Dependency(collection, this.#onChange);
    this.#dependencies.set(collection, made);
    return made;
  }
}
