import type { Logger } from "@meshwright/log/logger";
import { type Backoff, createBackoff } from "./backoff.ts";
import { isKubeError } from "./kube-error.ts";

export interface WorkQueueOptions {
  /** Names the queue in logs. */
  readonly name: string;
  readonly logger: Logger;
  /** Stops the workers; those at work finish. Handed to `work` too. */
  readonly signal: AbortSignal;
  /**
   * Does the work of one key; never runs twice at a time for the same key. What it throws is logged and the key comes back
   * after a back-off; `{afterMs}` asks for another run although nothing failed.
   */
  readonly work: (key: string, signal: AbortSignal) => Promise<WorkResult>;
  /** Workers; default 1. */
  readonly concurrency?: number;
  /** First wait after a failure; doubled (with jitter) each time, up to `maxBackoffMs`. Defaults 50 and 60 000. */
  readonly minBackoffMs?: number;
  readonly maxBackoffMs?: number;
}

export type WorkResult = { readonly kind: "done" } | { readonly kind: "recheck"; readonly afterMs: number };

/** Keys to work on, each at most once in the queue. */
export interface WorkQueue {
  /** Wants a key worked on now; one already waiting is not queued twice, one at work runs once more afterwards. */
  add(key: string): void;
  /** Wants it no later than after the delay; an earlier wish for the key stands. */
  addAfter(key: string, delayMs: number): void;
  /** Keys ready or at work; those that wait for a delay are not counted. */
  readonly depth: number;
  /** Resolves when the signal has stopped the queue and no worker is at work; never rejects. */
  readonly done: Promise<void>;
}

/** Creates a queue; its workers start with the first key. */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new KeyedQueue(options);
}

class KeyedQueue implements WorkQueue {
  readonly #options: WorkQueueOptions;
  /** In the order of arrival; a key at work is never in it. */
  readonly #ready = new Set<string>();
  readonly #working = new Set<string>();
  /** Wanted once more while at work. */
  readonly #again = new Set<string>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #backoffs = new Map<string, Backoff>();
  readonly #done = Promise.withResolvers<void>();

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#stop(), { once: true });
    if (options.signal.aborted) this.#stop();
  }

  get depth(): number {
    return this.#ready.size + this.#working.size;
  }

  get done(): Promise<void> {
    return this.#done.promise;
  }

  add(key: string): void {
    if (this.#options.signal.aborted) return;
    // Whatever the delayed run was for, this one does.
    this.#cancelDelayed(key);
    if (this.#working.has(key)) this.#again.add(key);
    else this.#ready.add(key);
    this.#startWorkers();
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#options.signal.aborted) return;
    if (delayMs <= 0) return this.add(key);
    const atMs = performance.now() + delayMs;
    if ((this.#delayed.get(key)?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) return;
    this.#cancelDelayed(key);
    const timer = setTimeout(() => this.add(key), Math.min(delayMs, maxTimerMs));
    this.#delayed.set(key, { timer, atMs });
  }

  #cancelDelayed(key: string): void {
    clearTimeout(this.#delayed.get(key)?.timer);
    this.#delayed.delete(key);
  }

  #startWorkers(): void {
    for (const key of this.#ready) {
      if (this.#working.size >= (this.#options.concurrency ?? 1)) return;
      this.#ready.delete(key);
      this.#working.add(key);
      // Handles its own failures: it never rejects.
      void this.#work(key);
    }
  }

  async #work(key: string): Promise<void> {
    const { work, signal } = this.#options;
    try {
      const result = await work(key, signal);
      this.#backoffs.delete(key);
      if (result.kind === "recheck") this.addAfter(key, result.afterMs);
    } catch (error) {
      if (!signal.aborted) this.#retry(key, error);
    }
    this.#working.delete(key);
    if (this.#again.delete(key)) this.add(key);
    this.#startWorkers();
    if (signal.aborted && this.#working.size === 0) this.#done.resolve();
  }

  #retry(key: string, error: unknown): void {
    const { name, logger, minBackoffMs: minMs = 50, maxBackoffMs: maxMs = 60_000 } = this.#options;
    const backoff = this.#backoffs.get(key) ?? createBackoff({ minMs, maxMs });
    this.#backoffs.set(key, backoff);
    const wishMs = isKubeError(error) ? (error.retryAfterMs ?? 0) : 0;
    const retryMs = Math.round(Math.max(backoff.next(), Math.min(wishMs, maxMs)));
    logger.warn({ queue: name, key, error, retryMs }, "work failed, retrying");
    this.addAfter(key, retryMs);
  }

  #stop(): void {
    for (const { timer } of this.#delayed.values()) clearTimeout(timer);
    for (const waiting of [this.#delayed, this.#ready, this.#again, this.#backoffs]) waiting.clear();
    if (this.#working.size === 0) this.#done.resolve();
  }
}

interface Delayed {
  readonly timer: NodeJS.Timeout;
  readonly atMs: number;
}

/** Node runs a timer beyond 2^31-1 ms at once; a day early does no harm. */
const maxTimerMs = 24 * 60 * 60 * 1000;
