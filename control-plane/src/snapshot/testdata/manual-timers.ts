import type { Timers } from "../timers.ts";

/** Time that passes when the test says so. */
export class ManualTimers implements Timers {
  #nowMs = 0;
  #busyMs = 0;
  readonly #tasks = new Set<{ readonly atMs: number; readonly run: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  busyMs(): number {
    return this.#busyMs;
  }

  /** Says that the event loop was busy for a time, which passed besides. */
  work(ms: number): void {
    this.#busyMs += ms;
  }

  schedule(run: () => void, afterMs: number): () => void {
    const task = { atMs: this.#nowMs + afterMs, run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  passTo(ms: number): void {
    for (const task of [...this.#tasks].toSorted((a, b) => a.atMs - b.atMs)) {
      if (task.atMs > ms || !this.#tasks.delete(task)) continue;
      this.#nowMs = Math.max(this.#nowMs, task.atMs);
      task.run();
    }
    this.#nowMs = ms;
  }
}
