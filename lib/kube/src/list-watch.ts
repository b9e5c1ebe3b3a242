import type { Logger } from "@meshwright/log/logger";
import { createBackoff } from "./backoff.ts";
import type { KubeClient, Selection } from "./client.ts";
import { IdleError } from "./json-lines.ts";
import { KnownObjects } from "./known-objects.ts";
import { isKubeError, KubeError, type KubeErrorReason } from "./kube-error.ts";
import { pause } from "./pause.ts";
import type { KubeObject, ResourceType } from "./types.ts";
import { watch } from "./watch.ts";
import type { WatchEvent } from "./watch-event.ts";

export type { WatchEvent };

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
  /** Whether the API server may be without the type: then there are no objects, and it is asked again every few seconds. */
  readonly isOptional?: boolean;
  /** Objects per page of a list; default 500. */
  readonly limit?: number;
  /**
   * A watch without a byte for so long is opened anew from where it was; default 75 000, a little more than the minute
   * after which the server sends a bookmark.
   */
  readonly idleMs?: number;
}

/** A running list-watch. */
export interface ListWatch {
  /** Resolves after `synced`; rejects only when the signal ends the watch before that. */
  readonly synced: Promise<void>;
  isSynced(): boolean;
  /** Resolves when the signal has ended the watch and everything is closed; never rejects. */
  readonly done: Promise<void>;
}

const minBackoffMs = 50;
const maxBackoffMs = 30_000;

/** Nothing listens: asking again costs nobody anything, and a server that returns must not be noticed late. */
const maxRefusedMs = 5_000;

/** How soon a type is noticed that the API server did not have. */
const missingTypeMs = 2_000;

/** A large list on a busy server takes its time; one that hangs must still end. */
const listTimeoutMs = 60_000;

const defaultIdleMs = 75_000;

/** The version survives these failures; after any other, only a list tells what is true. */
const resumableReasons: ReadonlySet<KubeErrorReason> = new Set([
  "Unavailable",
  "Timeout",
  "TooManyRequests",
  "InternalError",
  "Unauthorized",
  "Forbidden",
]);

/** So many refusals in a row, and it may be the version that the server cannot serve. */
const maxRefusals = 5;

/**
 * Keeps telling what a selection of objects is: first every object, then every change.
 *
 * Guarantees: after an interruption of any kind (the server restarts, a connection dies silently, versions are compacted)
 * the handler ends up with what the server has: a delete is never lost, and none is told of an object that still exists.
 * An object that was replaced under the same name in between shows as one upsert with another uid.
 * Never gives up before the signal is aborted, never throws, never exits the process.
 */
export function listWatch<T extends KubeObject>(options: ListWatchOptions<T>): ListWatch {
  const synced = Promise.withResolvers<void>();
  // Nobody need await it; whoever does still sees the rejection.
  synced.promise.catch(() => undefined);
  const watcher = new ListWatcher(options, () => synced.resolve());
  const done = watcher.run().finally(() => {
    synced.reject(new KubeError("Aborted", `cannot list ${options.type.kind}: the watch was ended`));
  });
  return { synced: synced.promise, isSynced: () => watcher.isSynced, done };
}

class ListWatcher<T extends KubeObject> {
  readonly #options: ListWatchOptions<T>;
  readonly #logger: Logger;
  readonly #onSynced: () => void;
  readonly #known: KnownObjects<T>;
  readonly #backoff = createBackoff({ minMs: minBackoffMs, maxMs: maxBackoffMs });
  /** Where the next watch continues; undefined when only a list can. */
  #version: string | undefined;
  #refusals = 0;
  /** An interruption is told once, not with every attempt that fails. */
  #isInterrupted = false;
  #isSynced = false;

  constructor(options: ListWatchOptions<T>, onSynced: () => void) {
    this.#options = options;
    this.#logger = options.logger.child({ kind: options.type.kind });
    this.#onSynced = onSynced;
    this.#known = new KnownObjects({ transform: (object) => object, ...options, logger: this.#logger });
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        await (this.#version === undefined ? this.#list() : this.#watch(this.#version));
      } catch (error) {
        if (!signal.aborted) await this.#recover(KubeError.from(error, `cannot watch ${this.#options.type.kind}`));
      }
    }
  }

  /** Hands over a complete list; one that fails half-way changes nothing. */
  async #list(): Promise<void> {
    const { client, type, signal } = this.#options;
    try {
      const { items, resourceVersion } = await client.list(type, { ...this.#options, timeoutMs: listTimeoutMs });
      if (!signal.aborted) this.#replace(items, resourceVersion);
    } catch (error) {
      if (!this.#options.isOptional || !isKubeError(error, "NotFound")) throw error;
      this.#replace([], undefined);
      await pause(missingTypeMs, signal);
    }
  }

  #replace(items: readonly T[], version: string | undefined): void {
    this.#known.replace(items);
    this.#version = version;
    this.#progress();
    if (this.#isSynced) return;
    this.#isSynced = true;
    this.#known.synced();
    this.#onSynced();
  }

  async #watch(resourceVersion: string): Promise<void> {
    const openedAtMs = performance.now();
    try {
      await this.#follow(resourceVersion);
    } finally {
      // A quiet watch that lasted is as good as one that told something.
      if (performance.now() - openedAtMs > maxBackoffMs) this.#progress();
    }
    await pause(this.#backoff.next(), this.#options.signal);
  }

  async #follow(resourceVersion: string): Promise<void> {
    const idleMs = this.#options.idleMs ?? defaultIdleMs;
    for await (const notice of watch({ ...this.#options, resourceVersion, timeoutSeconds: watchSeconds(), idleMs })) {
      if (this.#options.signal.aborted) return;
      if (notice.kind === "upsert") this.#known.upsert(notice.object);
      if (notice.kind === "delete") this.#known.delete(notice.object);
      this.#version = notice.resourceVersion;
      this.#progress();
    }
  }

  #progress(): void {
    this.#backoff.reset();
    this.#refusals = 0;
    if (this.#isInterrupted) this.#logger.info({}, "watch resumed");
    this.#isInterrupted = false;
  }

  async #recover(error: KubeError): Promise<void> {
    if (error.status !== undefined) this.#refusals += 1;
    if (!resumableReasons.has(error.reason) || this.#refusals >= maxRefusals) this.#version = undefined;
    const isRefused = error.reason === "Unavailable" && error.status === undefined;
    const wishMs = Math.min(error.retryAfterMs ?? 0, maxBackoffMs);
    const retryMs = Math.max(wishMs, Math.min(this.#backoff.next(), isRefused ? maxRefusedMs : maxBackoffMs));
    this.#log(error, retryMs);
    // The server is well, it only forgot the version: the list that helps need not wait.
    if (error.reason === "Gone" && this.#refusals === 1) return;
    await pause(retryMs, this.#options.signal);
  }

  #log(error: KubeError, retryMs: number): void {
    const fields = { error, retryMs: Math.round(retryMs), relist: this.#version === undefined };
    // Types without a watch cache send no bookmarks: their quiet watches are reopened as a matter of course.
    if (error.cause instanceof IdleError) return this.#logger.debug(fields, "watch was silent, reopening");
    if (this.#isInterrupted) return this.#logger.debug(fields, "watch still interrupted");
    this.#isInterrupted = true;
    this.#logger.warn(fields, "watch interrupted, retrying");
  }
}

/** Random, so that watches opened together do not end together. */
function watchSeconds(): number {
  return Math.round(300 * (1 + Math.random()));
}
