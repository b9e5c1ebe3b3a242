import type { Logger } from "@meshwright/log/logger";

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
