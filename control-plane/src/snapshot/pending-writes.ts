import { isDeepStrictEqual } from "node:util";
import type { Value } from "@meshwright/collections/collection";
import type { Source } from "@meshwright/collections/source";

/** What watches say, until the batch in which a source takes it in. */
export class PendingWrites<V extends Value> {
  readonly #source: Source<V>;
  readonly #writes = new Map<string, V | undefined>();

  constructor(source: Source<V>) {
    this.#source = source;
  }

  /** Keeps a value for a key; undefined removes it. Says whether that is another one than the last. */
  set(key: string, value: V | undefined): boolean {
    if (isDeepStrictEqual(this.latest(key), value)) return false;
    this.#writes.set(key, value);
    return true;
  }

  /** The last value that was said, whether the source has it or not. */
  latest(key: string): V | undefined {
    return this.#writes.has(key) ? this.#writes.get(key) : this.#source.get(key);
  }

  has(key: string): boolean {
    return this.#writes.has(key);
  }

  /** Hands over what is due; the rest stays. */
  apply(isDue: (key: string) => boolean = () => true): void {
    for (const [key, value] of this.#writes) {
      if (!isDue(key)) continue;
      this.#writes.delete(key);
      this.#source.set(key, value);
    }
  }
}
