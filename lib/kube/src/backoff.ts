/** Waits between attempts that fail. */
export interface Backoff {
  /** How long to wait before the next attempt, in milliseconds. */
  next(): number;
  /** Starts over, after progress. */
  reset(): void;
}

export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
  /** In [0, 1); default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Creates a back-off with decorrelated jitter: each wait is drawn between `minMs` and three times the last one, up to
 * `maxMs`, so that many clients of one server that failed do not come back together.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createBackoff({ minMs, maxMs, random = Math.random }: BackoffOptions): Backoff {
  let last = minMs;
  return {
    next: () => {
      last = Math.min(maxMs, minMs + random() * (last * 3 - minMs));
      return last;
    },
    reset: () => {
      last = minMs;
    },
  };
}
