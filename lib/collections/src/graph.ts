import { CollectionError } from "./collection-error.ts";

/** A collection, as far as the order of work goes. */
export interface Derivation {
  /** Place among the collections of the graph: what it is made of has lower ones. */
  readonly order: number;
  /**
   * Works off what changed before it, while it may go on.
   *
   * @returns whether nothing is left
   */
  run(mayGoOn: MayGoOn): boolean;
  /** Tells those that depend on it what changed; asked once all its work is done. */
  announce(): void;
}

/** Asked between two steps of work: whether there is time for one more. */
export type MayGoOn = () => boolean;

/**
 * Collections that depend on each other, and what is to be done after a change of some. Everything is derived from the
 * sources in the order in which it was made, so that each transform runs after all that it reads, once per batch, and never
 * sees half of it.
 */
export class Graph {
  #collections = 0;
  readonly #due = new Set<Derivation>();
  readonly #effects = new Set<() => void>();
  readonly #onFailure: (failure: CollectionError) => void;
  #failures: CollectionError[] = [];
  #depth = 0;
  #isDeriving = false;

  /** @param onFailure told of each transform that threw, after everything else is settled; default: the first is thrown */
  constructor(
    onFailure = (failure: CollectionError): void => {
      throw failure;
    },
  ) {
    this.#onFailure = onFailure;
  }

  /**
   * Runs writes to sources as one batch, works off all that follows from them and from batches that are not settled, and calls
   * whoever subscribed. A batch within a batch is a part of it.
   */
  batch(write: () => void): void {
    this.write(write);
    if (this.#depth === 0) this.settle();
  }

  /** Runs writes as a part of the next batch, of which nothing follows before `settle`. */
  write(write: () => void): void {
    if (this.#isDeriving)
      throw new CollectionError("WriteInTransform", "cannot write to a source while deriving from it");
    this.#depth += 1;
    try {
      write();
    } finally {
      this.#depth -= 1;
    }
  }

  /**
   * Works off what follows from the writes so far. Between two calls derived collections may be halfway, but for snapshots
   * that were taken before; subscribers are called by the one that ends it.
   *
   * @param mayGoOn asked after each key; at least one is worked off
   * @returns whether all is settled
   */
  settle(mayGoOn: MayGoOn = always): boolean {
    if (this.#isDeriving || this.#depth > 0) return false;
    while (this.#due.size + this.#effects.size > 0) {
      if (!this.#derive(mayGoOn)) return false;
      this.#callEffects();
    }
    const failures = this.#failures;
    this.#failures = [];
    for (const failure of failures) this.#onFailure(failure);
    return true;
  }

  /** Whether nothing follows any more from what was written. */
  get isSettled(): boolean {
    return this.#due.size === 0;
  }

  /** Gives a new collection its place. */
  register(): number {
    return this.#collections++;
  }

  /** Has a collection run within this batch. */
  schedule(derivation: Derivation): void {
    this.#due.add(derivation);
  }

  /** Has a function called once this batch is settled. */
  scheduleEffect(effect: () => void): void {
    this.#effects.add(effect);
  }

  /** Forgets a collection that nobody needs any more. */
  forget(derivation: Derivation): void {
    this.#due.delete(derivation);
  }

  /** Keeps an error until the batch is settled. */
  fail(failure: CollectionError): void {
    this.#failures.push(failure);
  }

  #derive(mayGoOn: MayGoOn): boolean {
    this.#isDeriving = true;
    try {
      for (let next = this.#first(); next !== undefined; next = this.#first()) {
        if (!next.run(mayGoOn)) return false;
        this.#due.delete(next);
        next.announce();
        if (this.#due.size > 0 && !mayGoOn()) return false;
      }
      return true;
    } finally {
      this.#isDeriving = false;
    }
  }

  #first(): Derivation | undefined {
    let first: Derivation | undefined;
    for (const derivation of this.#due) if (first === undefined || derivation.order < first.order) first = derivation;
    return first;
  }

  #callEffects(): void {
    const effects = [...this.#effects];
    this.#effects.clear();
    for (const effect of effects) effect();
  }
}

function always(): boolean {
  return true;
}
