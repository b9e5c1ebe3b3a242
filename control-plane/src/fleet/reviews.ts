import { createHash } from "node:crypto";
import { BriefCache } from "./brief-cache.ts";
import type { Caller } from "./caller.ts";
import { DebugError } from "./debug-error.ts";

/** Asks the API server; both reject when the answer is not to be had. */
export interface Reviewer {
  /** Who a bearer token is; undefined: the API server does not vouch for it. */
  reviewToken(token: string): Promise<Caller | undefined>;
  /** Whether a caller may `get` a non-resource URL. */
  reviewAccess(caller: Caller, path: string): Promise<boolean>;
}

/** How long an answer holds: a token that is revoked, or a right that is taken away, is good for so long at most. */
const lifetimesMs = { yes: 30_000, no: 5_000 } as const;

const maxRemembered = 1_000;

/** Whoever sends one wrong token after the other must not keep the API server busy. */
const maxOpen = 16;

/**
 * Remembers a reviewer's answers for a while, asks it the same question once at a time, and only so many at once.
 *
 * Errors: as the reviewer's, and DebugError `TooManyReviews`.
 */
export function rememberReviews(reviewer: Reviewer, nowMs: () => number = () => performance.now()): Reviewer {
  const tokens = new Questions<Caller | undefined>((caller) => caller !== undefined, nowMs);
  const accesses = new Questions<boolean>((isAllowed) => isAllowed, nowMs);
  return {
    reviewToken: (token) => tokens.ask(token, () => reviewer.reviewToken(token)),
    reviewAccess: (caller, path) =>
      accesses.ask(JSON.stringify([caller, path]), () => reviewer.reviewAccess(caller, path)),
  };
}

class Questions<T> {
  readonly #answers: BriefCache<{ readonly value: T }>;
  readonly #open = new Map<string, Promise<T>>();
  readonly #isYes: (value: T) => boolean;

  constructor(isYes: (value: T) => boolean, nowMs: () => number) {
    this.#isYes = isYes;
    this.#answers = new BriefCache(maxRemembered, nowMs);
  }

  async ask(question: string, ask: () => Promise<T>): Promise<T> {
    // A token itself is kept nowhere.
    const key = createHash("sha256").update(question).digest("base64url");
    const known = this.#answers.get(key);
    if (known !== undefined) return known.value;
    return this.#open.get(key) ?? this.#begin(key, ask);
  }

  #begin(key: string, ask: () => Promise<T>): Promise<T> {
    if (this.#open.size >= maxOpen)
      throw new DebugError("TooManyReviews", `cannot ask the API server: ${maxOpen} reviews are open`);
    const asked = this.#finish(key, ask);
    this.#open.set(key, asked);
    return asked;
  }

  async #finish(key: string, ask: () => Promise<T>): Promise<T> {
    try {
      const value = await ask();
      this.#answers.set(key, { value }, this.#isYes(value) ? lifetimesMs.yes : lifetimesMs.no);
      return value;
    } finally {
      this.#open.delete(key);
    }
  }
}
