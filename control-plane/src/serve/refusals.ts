import type { LogFields, Logger } from "@meshwright/log/logger";
import type { ServeObserver } from "./observer.ts";
import type { Refusal, RefusalReason } from "./refusal.ts";
import { TokenBucket } from "./token-bucket.ts";

/** How many refusals of one reason are logged: whoever provokes them must not fill the log. */
const logged = { perSecond: 1, burst: 20 };
/** Characters of a reason's details that are logged: they may quote the client. */
const maxDetail = 1024;

/** Counts every refusal, and logs them as far as somebody could read them. */
export class Refusals {
  readonly #observer: ServeObserver;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #buckets = new Map<RefusalReason, TokenBucket>();
  readonly #unlogged = new Map<RefusalReason, number>();

  /** @param now monotonic, in milliseconds */
  constructor(observer: ServeObserver, log: Logger, now: () => number = () => performance.now()) {
    this.#observer = observer;
    this.#log = log;
    this.#now = now;
  }

  report({ reason, message }: Refusal, fields: LogFields): void {
    this.#observer.refused(reason);
    const unlogged = this.#unlogged.get(reason) ?? 0;
    if (!this.#mayLog(reason)) {
      this.#unlogged.set(reason, unlogged + 1);
      return;
    }
    this.#unlogged.delete(reason);
    this.#log.warn({ ...fields, reason, detail: message.slice(0, maxDetail), unlogged }, "client refused");
  }

  #mayLog(reason: RefusalReason): boolean {
    const bucket = this.#buckets.get(reason) ?? new TokenBucket(logged, this.#now());
    this.#buckets.set(reason, bucket);
    return bucket.tryTake(this.#now());
  }
}
