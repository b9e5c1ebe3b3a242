export interface BucketOptions {
  readonly perSecond: number;
  /** How many may come at once after a quiet time. */
  readonly burst: number;
}

/** Counts how often something may happen: a rate in the long run, a burst now and then. */
export class TokenBucket {
  readonly #options: BucketOptions;
  #tokens: number;
  #filledMs: number;

  /** @param nowMs monotonic, in milliseconds, as everywhere here */
  constructor(options: BucketOptions, nowMs: number) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledMs = nowMs;
  }

  /** Takes one and says how long to wait before the next, in milliseconds; 0: not at all. */
  take(nowMs: number): number {
    this.#fill(nowMs);
    this.#tokens--;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1000) / this.#options.perSecond);
  }

  /** Takes one if there is one. */
  tryTake(nowMs: number): boolean {
    this.#fill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #fill(nowMs: number): void {
    const { perSecond, burst } = this.#options;
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#filledMs) * perSecond) / 1000);
    this.#filledMs = nowMs;
  }
}
