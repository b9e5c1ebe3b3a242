import { CollectionError } from "./collection-error.ts";
import type { Derivation, Graph, MayGoOn } from "./graph.ts";
import { Subscriber } from "./subscriber.ts";

/** Whether a value says the same as the one before it, so that nobody need hear of it. */
export type Equals<V> = (before: V, after: V) => boolean;

/** What may be in a collection: there is no telling `undefined` from nothing. */
export type Value = NonNullable<unknown>;

/** What changed in a batch: values before it by key, undefined for keys that came. */
export type Changed<V> = ReadonlyMap<string, V | undefined>;

/** Hears of changes as they are made, before the batch is settled. */
export interface Dependent<V> {
  inputChanged(changed: Changed<V>): void;
}

/** One change of one key; undefined before it came and after it went. */
export interface Change<V> {
  readonly key: string;
  readonly before: V | undefined;
  readonly after: V | undefined;
}

/** Written as a method, so that a collection of something is one of what that is a kind of: it is only ever read by others. */
interface Equality<V> {
  equals(before: V, after: V): boolean;
}

/** Values by key that change in batches. Every kind of collection can be read, subscribed to and derived from alike. */
export abstract class Collection<V extends Value> implements Derivation {
  readonly graph: Graph;
  readonly order: number;
  readonly #equality: Equality<V>;
  readonly #values = new Map<string, V>();
  readonly #dependents = new Set<Dependent<V>>();
  #before = new Map<string, V | undefined>();
  #snapshot: ReadonlyMap<string, V> | undefined;

  constructor(graph: Graph, equals: Equals<V> = Object.is) {
    this.graph = graph;
    this.order = graph.register();
    this.#equality = { equals };
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  keys(): Iterable<string> {
    return this.#values.keys();
  }

  /** All values by key, in no particular order: the same map until something changes, and never changed itself. */
  snapshot(): ReadonlyMap<string, V> {
    this.#snapshot ??= new Map(this.#values);
    return this.#snapshot;
  }

  /** Calls a listener after each batch that changed something, with all of it, until the returned function is called. */
  subscribe(listener: (changes: readonly Change<V>[]) => void): () => void {
    return this.attach(new Subscriber(this, listener));
  }

  /** Tells a dependent of what changes from now on, until the returned function is called. */
  attach(dependent: Dependent<V>): () => void {
    this.#dependents.add(dependent);
    return () => this.#dependents.delete(dependent);
  }

  /** Whether somebody hears of its changes. */
  get isObserved(): boolean {
    return this.#dependents.size > 0;
  }

  abstract run(mayGoOn: MayGoOn): boolean;

  announce(): void {
    const changed = this.#before;
    if (changed.size === 0) return;
    this.#before = new Map();
    // What was changed and changed back within the batch did not change.
    for (const [key, before] of changed) if (this.#isSame(before, this.#values.get(key))) changed.delete(key);
    if (changed.size === 0) return;
    this.#snapshot = undefined;
    for (const dependent of this.#dependents) dependent.inputChanged(changed);
  }

  /** Stores a value, or removes it. One that is equal to the stored one changes nothing. */
  protected put(key: string, value: V | undefined): void {
    const before = this.#values.get(key);
    if (this.#isSame(before, value)) return;
    if (!this.#before.has(key)) this.#before.set(key, before);
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  #isSame(before: V | undefined, after: V | undefined): boolean {
    if (before === undefined || after === undefined) return before === after;
    return this.#equality.equals(before, after);
  }
}

/** Errors: a CollectionError with the reason OtherGraph unless both are of one graph. */
export function assertSameGraph(a: Graph, b: Graph): void {
  if (a !== b) throw new CollectionError("OtherGraph", "cannot derive from collections of different graphs");
}
