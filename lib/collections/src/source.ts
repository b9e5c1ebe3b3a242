import { Collection, type Equals, type Value } from "./collection.ts";
import type { Graph } from "./graph.ts";

/** A collection that is written from outside. */
export class Source<V extends Value> extends Collection<V> {
  /** Stores a value, or removes it with undefined. Outside of a batch it is one of its own. */
  set(key: string, value: V | undefined): void {
    this.graph.batch(() => {
      this.put(key, value);
      this.graph.schedule(this);
    });
  }

  run(): boolean {
    return true;
  }
}

/**
 * Makes an empty collection that is written from outside.
 *
 * @param equals which writes change nothing; default: those of the very same value
 */
export function source<V extends Value>(graph: Graph, equals?: Equals<V>): Source<V> {
  return new Source(graph, equals);
}
