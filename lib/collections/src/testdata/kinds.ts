import type { Collection, Value } from "../collection.ts";
import { flatMap } from "../flat-map.ts";
import type { Graph } from "../graph.ts";
import { indexBy } from "../index-by.ts";
import { join } from "../join.ts";
import { map } from "../map.ts";
import { type Source, source } from "../source.ts";

/** What the suite puts in. Equal numbers are equal, whatever the object. */
export interface Item {
  readonly number: number;
}

/** A collection under test, which holds what its source holds. */
export interface Subject {
  readonly source: Source<Item>;
  readonly collection: Collection<Value>;
  /** Returns the number that the collection has under a key. */
  readonly read: (key: string) => number | undefined;
  /** Stops the collection, if it is of a kind that can be. */
  readonly dispose: () => void;
}

export type Kind = (items: Source<Item>) => Subject;

export const isEqual = (a: Item, b: Item): boolean => a.number === b.number;

export function itemSource(graph: Graph, numbers: Readonly<Record<string, number>> = {}): Source<Item> {
  const items = source(graph, isEqual);
  graph.batch(() => {
    for (const [key, number] of Object.entries(numbers)) items.set(key, { number });
  });
  return items;
}

/** Every kind of collection, made so that it passes on what it is made of. */
export const kinds: Readonly<Record<string, Kind>> = {
  source: (items) => ({
    source: items,
    collection: items,
    read: (key) => items.get(key)?.number,
    dispose: () => undefined,
  }),
  map: (items) => {
    const same = map(items, (item) => item);
    return {
      source: items,
      collection: same,
      read: (key) => same.get(key)?.number,
      dispose: () => same[Symbol.dispose](),
    };
  },
  flatMap: (items) => {
    const same = flatMap(items, (item, key) => [[key, item]]);
    return {
      source: items,
      collection: same,
      read: (key) => same.get(key)?.number,
      dispose: () => same[Symbol.dispose](),
    };
  },
  join: (items) => {
    const same = join(source<Item>(items.graph), items);
    return {
      source: items,
      collection: same,
      read: (key) => same.get(key)?.number,
      dispose: () => same[Symbol.dispose](),
    };
  },
  index: (items) => {
    const groups = indexBy(items, (_, key) => [key]);
    return {
      source: items,
      collection: groups,
      read: (key) => groups.get(key)?.values[0]?.number,
      dispose: () => groups[Symbol.dispose](),
    };
  },
  "map that fetches": (items) => {
    const keys = map(items, (_, key) => key);
    const same = map(keys, (key, _, fetch) => fetch.get(items, key));
    return {
      source: items,
      collection: same,
      read: (key) => same.get(key)?.number,
      dispose: () => same[Symbol.dispose](),
    };
  },
};

/** The kinds that are made of others. */
export const derivedKinds = Object.fromEntries(Object.entries(kinds).filter(([name]) => name !== "source"));
