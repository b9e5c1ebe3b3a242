import type { Collection, Equals, Value } from "./collection.ts";
import { Transform, type TransformOf } from "./transform.ts";

class Mapped<I extends Value, O extends Value> extends Transform<I, O, O | undefined> {
  protected take(key: string, result: O | undefined): void {
    this.put(key, result);
  }
}

/** A derived collection, which can be let go of. */
export type Derived<V extends Value> = Collection<V> & Disposable;

/**
 * Makes one value of each, under the same key; undefined leaves the key out.
 *
 * @param equals which results change nothing; default: the very same value
 */
export function map<I extends Value, O extends Value>(
  input: Collection<I>,
  transform: TransformOf<I, O | undefined>,
  equals?: Equals<O>,
): Derived<O> {
  return new Mapped(input, transform, equals).begin();
}
