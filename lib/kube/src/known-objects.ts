import type { Logger } from "@meshwright/log/logger";
import { type KubeObject, keyOf } from "./types.ts";
import type { WatchEvent } from "./watch-event.ts";

export interface KnownObjectsOptions<T extends KubeObject> {
  readonly onEvent: (event: WatchEvent<T>) => void;
  readonly transform: (object: T) => T;
  readonly logger: Logger;
}

/**
 * What a list-watch has handed over so far, and what must be handed over to get from there to what the server says.
 *
 * Guarantees: an object that the handler refused is tried again on its next change and on the next list; its delete is
 * told too, since the handler may have taken an earlier version of it.
 */
export class KnownObjects<T extends KubeObject> {
  readonly #options: KnownObjectsOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #quarantined = new Set<string>();

  constructor(options: KnownObjectsOptions<T>) {
    this.#options = options;
  }

  /** Goes to the state of a complete list: tells what is new, changed, or gone since. */
  replace(items: readonly T[]): void {
    const listed = new Set(items.map(keyOf));
    for (const [key, object] of this.#objects) if (!listed.has(key)) this.#forget(key, object);
    for (const item of items) if (!this.#isCurrent(item)) this.upsert(item);
  }

  upsert(object: T): void {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    this.#quarantined.delete(key);
    this.#guard(key, () => {
      const kept = this.#options.transform(object);
      this.#objects.set(key, kept);
      this.#options.onEvent({ kind: "upsert", object: kept, ...(previous === undefined ? {} : { previous }) });
    });
  }

  /** Tells that an object is gone; one that was never told of is not mentioned. */
  delete(object: T): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known !== undefined) this.#forget(key, known);
  }

  synced(): void {
    this.#guard("", () => this.#options.onEvent({ kind: "synced" }));
  }

  #forget(key: string, object: T): void {
    this.#objects.delete(key);
    this.#guard(key, () => this.#options.onEvent({ kind: "delete", object }));
    this.#quarantined.delete(key);
  }

  #isCurrent(item: T): boolean {
    const key = keyOf(item);
    const known = this.#objects.get(key);
    const isSame = known?.metadata.uid === item.metadata.uid;
    const isUnchanged = known?.metadata.resourceVersion === item.metadata.resourceVersion;
    return known !== undefined && isSame && isUnchanged && !this.#quarantined.has(key);
  }

  /** One object that the handler cannot take must not stop the others. */
  #guard(key: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#quarantined.add(key);
      this.#options.logger.error({ object: key, error }, "cannot handle object, left out until it changes");
    }
  }
}
