import { performance } from "node:perf_hooks";

/** Time and timers, as the platform has them; tests bring their own. */
export interface Timers {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** For how long the event loop was busy until now, in milliseconds. */
  busyMs(): number;
  /** Runs a task once after a time; the returned function cancels it. */
  schedule(task: () => void, afterMs: number): () => void;
}

export const platformTimers: Timers = {
  now: () => performance.now(),
  busyMs: () => performance.eventLoopUtilization().active,
  schedule: (task, afterMs) => {
    // A timer would take a millisecond at least.
    if (afterMs <= 0) return inNextTurn(task);
    const timer = setTimeout(task, afterMs);
    return () => clearTimeout(timer);
  },
};

/** After what has arrived is read, so that events which come together are seen together. */
function inNextTurn(task: () => void): () => void {
  const immediate = setImmediate(task);
  return () => clearImmediate(immediate);
}
