import { platformTimers, type Timers } from "./timers.ts";

/** How long to rest after a task, in milliseconds, between two bounds. */
export interface PaceOptions {
  readonly leastMs: number;
  readonly mostMs: number;
  /** What part of the time may be spent on tasks and on all that follows from them, as long as the bounds allow it. */
  readonly busyPart: number;
}

/**
 * Runs a task for events: at once for the first after a rest, and once for all that come during one. The rest after a task is as long
 * as it takes for the work that it made to become a small part of the time: for ten proxies a few milliseconds, for a
 * thousand as long as a change may wait at most. What else keeps the process busy lengthens it too.
 *
 * The task is never run in the caller's turn, so that events which come together are seen together.
 */
export class Pace {
  readonly #task: (waitedMs: number) => void;
  readonly #options: PaceOptions;
  readonly #timers: Timers;
  #lastRun = Number.NEGATIVE_INFINITY;
  #busyAtLastRun = 0;
  #firstPending: number | undefined;
  #cancel: () => void = () => undefined;

  /** @param task is told how long the first event has waited */
  constructor(task: (waitedMs: number) => void, options: PaceOptions, timers: Timers = platformTimers) {
    this.#task = task;
    this.#options = options;
    this.#timers = timers;
  }

  /** Says that something happened. */
  trigger(): void {
    if (this.#firstPending !== undefined) return;
    this.#firstPending = this.#timers.now();
    this.#wait();
  }

  /** Forgets what is pending. */
  stop(): void {
    this.#cancel();
    this.#firstPending = undefined;
  }

  #wait(): void {
    const leftMs = this.#lastRun + this.#restMs() - this.#timers.now();
    this.#cancel = this.#timers.schedule(() => this.#runWhenRested(), Math.max(0, leftMs));
  }

  /** What follows from the last task may not have been over when it was asked how long to rest. */
  #runWhenRested(): void {
    if (this.#timers.now() < this.#lastRun + this.#restMs()) return this.#wait();
    const now = this.#timers.now();
    const waitedMs = now - (this.#firstPending ?? now);
    this.#firstPending = undefined;
    this.#lastRun = now;
    this.#busyAtLastRun = this.#timers.busyMs();
    this.#task(waitedMs);
  }

  #restMs(): number {
    const { leastMs, mostMs, busyPart } = this.#options;
    const busyMs = this.#timers.busyMs() - this.#busyAtLastRun;
    return Math.min(Math.max(busyMs / busyPart, leastMs), mostMs);
  }
}
