import type { ListWatch, ListWatchOptions } from "./list-watch.ts";
import type { KubeObject, ObjectKey } from "./types.ts";

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
