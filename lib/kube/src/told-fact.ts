import type { EventObject, EventSeries } from "./event-object.ts";
import { microTime } from "./micro-time.ts";

/** A fact told again within so long is the same Event. */
const windowMs = 10 * 60_000;

/** A fact, its Event, and how often it was told. */
export class ToldFact {
  readonly event: EventObject;
  #count = 1;
  #writtenCount = 1;
  #lastAt: Date;
  #timer: NodeJS.Timeout | undefined;

  constructor(event: EventObject, now: Date) {
    this.event = event;
    this.#lastAt = now;
  }

  isRecent(now: Date): boolean {
    return now.getTime() - this.#lastAt.getTime() < windowMs;
  }

  repeat(now: Date): void {
    this.#count += 1;
    this.#lastAt = now;
  }

  /** The repetitions, if any were not taken yet. */
  takeSeries(): EventSeries | undefined {
    if (this.#count === this.#writtenCount) return undefined;
    this.#writtenCount = this.#count;
    return { count: this.#count, lastObservedTime: microTime(this.#lastAt) };
  }

  /** Starts the timer unless it runs; it does not keep the process alive. */
  startTimer(run: () => void, delayMs: number): void {
    this.#timer ??= setTimeout(run, delayMs).unref();
  }

  cancelTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
