import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** How long turns of the event loop are, in milliseconds of this thread's CPU: what else the machine does is not in it. */
export interface TurnTimes {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Measures turns from now on, by a timer that is due in each of them. */
export class Turns {
  readonly #histogram: RecordableHistogram = createHistogram();
  #lastMicroseconds = 0;

  start(): void {
    this.#lastMicroseconds = threadMicroseconds();
    setInterval(() => {
      const now = threadMicroseconds();
      this.#histogram.record(Math.max(1, now - this.#lastMicroseconds));
      this.#lastMicroseconds = now;
    }, 1).unref();
  }

  /** Returns what was measured since the last time. */
  take(): TurnTimes {
    const times = { p99Ms: this.#histogram.percentile(99) / 1000, maxMs: this.#histogram.max / 1000 };
    this.#histogram.reset();
    return times;
  }
}

function threadMicroseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
