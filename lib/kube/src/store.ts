import { type ListWatch, type ListWatchOptions, listWatch } from "./list-watch.ts";
import { ObjectIndex } from "./object-index.ts";
import type { KubeObject, ObjectKey } from "./types.ts";
import type { WatchEvent } from "./watch-event.ts";

/** A cache of all objects of a selection. Reads cost no copy: never write into what they return. */
export interface Store<T extends KubeObject> extends ListWatch {
  get(key: ObjectKey): T | undefined;
  /** All objects, or those of one namespace, in no particular order. */
  list(namespace?: string): readonly T[];
  readonly size: number;
}

/** As for `listWatch`; `onEvent` is called after the store has changed. */
export type StoreOptions<T extends KubeObject> = Omit<ListWatchOptions<T>, "onEvent"> &
  Partial<Pick<ListWatchOptions<T>, "onEvent">>;

/** Starts a list-watch that fills a cache. */
export function createStore<T extends KubeObject>(options: StoreOptions<T>): Store<T> {
  const objects = new ObjectIndex<T>();
  const onEvent = (event: WatchEvent<T>): void => {
    if (event.kind === "upsert") objects.set(event.object);
    if (event.kind === "delete") objects.delete(event.object);
    options.onEvent?.(event);
  };
  const running = listWatch({ ...options, onEvent });
  return {
    ...running,
    get: (key) => objects.get(key),
    list: (namespace) => objects.list(namespace),
    get size() {
      return objects.size;
    },
  };
}
