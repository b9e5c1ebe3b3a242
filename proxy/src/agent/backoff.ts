/** Delays that double from the first to the last. */
export interface Backoff {
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * Delay before a given retry, spread over its upper half, so that pods that failed together do not come back together.
 * @param attempt 0 before the first retry
 * @param random from 0 (inclusive) to 1 (exclusive)
 */
export function backoffMs({ firstMs, lastMs }: Backoff, attempt: number, random: number): number {
  const fullMs = Math.min(firstMs * 2 ** attempt, lastMs);
  return fullMs * (0.5 + random / 2);
}
