import { setTimeout as pause } from "node:timers/promises";
import { AgentError } from "./agent-error.ts";
import { type Backoff, backoffMs } from "./backoff.ts";

export interface RetryOptions {
  readonly backoff: Backoff;
  /** No retry begins later than this after the first try. */
  readonly budgetMs: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * Tries until it succeeds, fails for a reason that no retry mends, or the budget is used up.
 *
 * Errors: rejects as the last try did, or with the signal's reason.
 */
export async function retry<T>(task: () => Promise<T>, options: RetryOptions): Promise<T> {
  const endMs = performance.now() + options.budgetMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      const delayMs = backoffMs(options.backoff, attempt, options.random());
      const isHopeless = !(error instanceof AgentError) || !error.retryable;
      if (isHopeless || performance.now() + delayMs > endMs) throw error;
      await pause(delayMs, undefined, { signal: options.signal });
    }
  }
}
