import { type Changed, Collection, type Dependent, type Equals, type Value } from "./collection.ts";
import { CollectionError } from "./collection-error.ts";
import { type Fetch, Fetches } from "./fetch.ts";
import type { MayGoOn } from "./graph.ts";

/** A pure function of a value and of what it fetches. It says the same of the same, and changes nothing. */
export type TransformOf<I, R> = (value: I, key: string, fetch: Fetch) => R;

/** A collection whose values are made of those of another one, key by key. */
export abstract class Transform<I extends Value, O extends Value, R> extends Collection<O> implements Dependent<I> {
  readonly #input: Collection<I>;
  readonly #transform: TransformOf<I, R>;
  readonly #fetches: Fetches;
  readonly #detach: () => void;
  readonly #dirty = new Set<string>();

  constructor(input: Collection<I>, transform: TransformOf<I, R>, equals?: Equals<O>) {
    super(input.graph, equals);
    this.#input = input;
    this.#transform = transform;
    this.#fetches = new Fetches(this, (key) => this.#mark(key));
    this.#detach = input.attach(this);
  }

  /** Derives from what the input holds already; asked once, when the collection is made. */
  begin(): this {
    this.graph.batch(() => {
      for (const key of this.#input.keys()) this.#mark(key);
    });
    return this;
  }

  inputChanged(changed: Changed<I>): void {
    for (const key of changed.keys()) this.#mark(key);
  }

  run(mayGoOn: MayGoOn): boolean {
    for (const key of this.#dirty) {
      this.#dirty.delete(key);
      this.#derive(key);
      if (!mayGoOn()) break;
    }
    return this.#dirty.size === 0;
  }

  /** Stays as it is from now on, and is no longer held by what it was made of. */
  [Symbol.dispose](): void {
    this.#detach();
    this.#fetches.detach();
    this.#dirty.clear();
    this.graph.forget(this);
  }

  /** Takes what the transform made of a key; undefined: the key is gone. */
  protected abstract take(key: string, result: R | undefined): void;

  #derive(key: string): void {
    const value = this.#input.get(key);
    this.#fetches.begin(key);
    try {
      this.take(key, value === undefined ? undefined : this.#transform(value, key, this.#fetches));
    } catch (cause) {
      const failure = new CollectionError("TransformFailed", `cannot derive from ${JSON.stringify(key)}`, { cause });
      this.graph.fail(failure);
    }
  }

  #mark(key: string): void {
    this.#dirty.add(key);
    this.graph.schedule(this);
  }
}
