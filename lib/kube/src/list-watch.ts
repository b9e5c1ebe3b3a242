import type { Logger } from "@meshwright/log/logger";
import type { KubeClient, Selection } from "./client.ts";
import type { KubeObject, ResourceType } from "./types.ts";

/** A change of the watched set, in order; `synced` comes once, after the first full list was handed over. */
export type WatchEvent<T> =
  | { readonly kind: "upsert"; readonly object: T; readonly previous?: T }
  | { readonly kind: "delete"; readonly object: T }
  | { readonly kind: "synced" };

export interface ListWatchOptions<T extends KubeObject> extends Selection {
  readonly client: KubeClient;
  readonly type: ResourceType<T>;
  readonly logger: Logger;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Called for every change, one at a time. What it throws is logged and quarantines only that object. */
  readonly onEvent: (event: WatchEvent<T>) => void;
  /** Makes the object that is kept and handed over, to drop fields that nobody reads; keeps `metadata`. */
  readonly transform?: (object: T) => T;
}

/** A running list-watch. */
export interface ListWatch {
  /** Resolves after `synced`; rejects only when the signal ends the watch before that. */
  readonly synced: Promise<void>;
  isSynced(): boolean;
  /** Resolves when the signal has ended the watch and everything is closed; never rejects. */
  readonly done: Promise<void>;
}
