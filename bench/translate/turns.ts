import { performance } from "node:perf_hooks";
import { platformTimers, type Timers } from "@meshwright/control-plane/snapshot/timers";

/** The platform's timers, and how long the event loop was held up by what they ran. */
export class TurnTimers implements Timers {
  readonly #pending = new Set<() => void>();
  #longestMs = 0;
  #lastEndMs = 0;

  now(): number {
    return platformTimers.now();
  }

  busyMs(): number {
    return platformTimers.busyMs();
  }

  schedule(task: () => void, afterMs: number): () => void {
    const run = (): void => {
      this.#pending.delete(run);
      this.run(task);
    };
    this.#pending.add(run);
    const cancel = platformTimers.schedule(run, afterMs);
    return () => {
      this.#pending.delete(run);
      cancel();
    };
  }

  /** Runs something as a turn of the event loop. */
  run(task: () => void): void {
    const startedMs = performance.now();
    task();
    this.#lastEndMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, this.#lastEndMs - startedMs);
  }

  /** Runs a change and all that follows from it. Returns how long it all took, and the longest turn, in milliseconds. */
  async measure(change: () => void): Promise<{ readonly elapsedMs: number; readonly longestTurnMs: number }> {
    this.#longestMs = 0;
    const startedMs = performance.now();
    this.run(change);
    while (this.#pending.size > 0) await new Promise((resolve) => setImmediate(resolve));
    return { elapsedMs: this.#lastEndMs - startedMs, longestTurnMs: this.#longestMs };
  }
}
