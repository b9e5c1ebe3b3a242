import type { Collection, Equals, Value } from "./collection.ts";
import type { Derived } from "./map.ts";
import { Transform, type TransformOf } from "./transform.ts";

/** Values by the keys that they are to have. */
export type Keyed<V> = Iterable<readonly [key: string, value: V]>;

class FlatMapped<I extends Value, O extends Value> extends Transform<I, O, Keyed<O>> {
  /** What each key of the input has made. */
  readonly #made = new Map<string, ReadonlyMap<string, O>>();
  /** Keys of the input that make a key, where these are several. */
  readonly #rivals = new Map<string, Set<string>>();
  /** The key of the input whose value a key has. */
  readonly #winners = new Map<string, string>();

  protected take(from: string, result: Keyed<O> | undefined): void {
    const before = this.#made.get(from);
    const after = new Map(result ?? []);
    if (after.size === 0) this.#made.delete(from);
    else this.#made.set(from, after);
    for (const key of before?.keys() ?? []) if (!after.has(key)) this.#withdraw(key, from);
    for (const [key, value] of after) this.#claim(key, from, value);
  }

  #claim(key: string, from: string, value: O): void {
    const winner = this.#winners.get(key);
    if (winner !== undefined && winner !== from) this.#rivalsFor(key, winner).add(from);
    if (winner !== undefined && winner < from) return;
    this.#winners.set(key, from);
    this.put(key, value);
  }

  #rivalsFor(key: string, winner: string): Set<string> {
    const rivals = this.#rivals.get(key) ?? new Set([winner]);
    this.#rivals.set(key, rivals);
    return rivals;
  }

  #withdraw(key: string, from: string): void {
    const rivals = this.#rivals.get(key);
    rivals?.delete(from);
    if (rivals?.size === 1) this.#rivals.delete(key);
    if (this.#winners.get(key) !== from) return;
    const [next] = [...(rivals ?? [])].toSorted();
    if (next === undefined) this.#winners.delete(key);
    else this.#winners.set(key, next);
    this.put(key, next === undefined ? undefined : this.#made.get(next)?.get(key));
  }
}

/**
 * Makes any number of values of each, under keys of their own. Of several that make the same key, the first by its own key
 * has it, whoever came first.
 *
 * @param equals which results change nothing; default: the very same value
 */
export function flatMap<I extends Value, O extends Value>(
  input: Collection<I>,
  transform: TransformOf<I, Keyed<O>>,
  equals?: Equals<O>,
): Derived<O> {
  return new FlatMapped(input, transform, equals).begin();
}
