import { platformTimers, type Timers } from "./timers.ts";

export interface DebounceOptions {
  /** Quiet that ends a storm, at its begin. */
  readonly minMs: number;
  /** Quiet that ends a storm, after it has lasted. */
  readonly maxMs: number;
  /** Longest wait of any event. */
  readonly deadlineMs: number;
}

/**
 * Runs a task for events: at once for the first after a quiet time, in batches during a storm. The task is never run in
 * the caller's turn, so that events which come together are seen together.
 */
export class Debounce {
  readonly #task: (waitedMs: number) => void;
  readonly #options: DebounceOptions;
  readonly #timers: Timers;
  #lastRun = Number.NEGATIVE_INFINITY;
  #firstPending: number | undefined;
  #quietMs: number;
  #cancel: () => void = () => undefined;

  /** @param task is told how long the first event has waited */
  constructor(task: (waitedMs: number) => void, options: DebounceOptions, timers: Timers = platformTimers) {
    this.#task = task;
    this.#options = options;
    this.#timers = timers;
    this.#quietMs = options.minMs;
  }

  /** Says that something happened. */
  trigger(): void {
    const now = this.#timers.now();
    if (this.#firstPending === undefined && now - this.#lastRun >= this.#options.maxMs) {
      this.#quietMs = 0;
    } else {
      // The first event of a storm is already on its way, and nothing that follows holds it up.
      if (this.#firstPending !== undefined && this.#quietMs === 0) return;
      this.#quietMs = Math.min(Math.max(this.#quietMs * 2, this.#options.minMs), this.#options.maxMs);
    }
    this.#firstPending ??= now;
    this.#cancel();
    const latest = this.#firstPending + this.#options.deadlineMs - now;
    this.#cancel = this.#timers.schedule(() => this.#run(), Math.max(0, Math.min(this.#quietMs, latest)));
  }

  /** Forgets what is pending. */
  stop(): void {
    this.#cancel();
    this.#firstPending = undefined;
  }

  #run(): void {
    const now = this.#timers.now();
    const waitedMs = now - (this.#firstPending ?? now);
    this.#firstPending = undefined;
    this.#lastRun = now;
    this.#task(waitedMs);
  }
}
