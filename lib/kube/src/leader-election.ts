import type { Logger } from "@meshwright/log/logger";
import type { KubeClient } from "./client.ts";
import { LeaseHolder } from "./lease-holder.ts";
import { pause } from "./pause.ts";
import { formatKey, type ObjectKey } from "./types.ts";

export interface LeaderElectionOptions {
  readonly client: KubeClient;
  /** The Lease; its namespace must exist. */
  readonly lease: Required<ObjectKey>;
  /** This candidate; unique, as the pod's name. */
  readonly identity: string;
  readonly logger: Logger;
  /** Ends the candidacy; a held lease is released. */
  readonly signal: AbortSignal;
  /**
   * Runs while this candidate leads. Its signal is aborted the moment leadership is lost (or `signal` ends); the candidacy
   * goes on only after it has returned. What it throws is logged and gives leadership up.
   */
  readonly lead: (signal: AbortSignal) => Promise<void>;
  /** How long others wait for a holder that no longer renews; default 15 000. */
  readonly leaseMs?: number;
  /** After how long without a successful renewal the holder itself stops; default 10 000, must be below `leaseMs`. */
  readonly renewDeadlineMs?: number;
  /** Between attempts; default 2 000. */
  readonly retryMs?: number;
}

export interface LeaderElection {
  /** False as soon as the renewal deadline has passed on this process's own monotonic clock, whatever the server says. */
  isLeader(): boolean;
  /** Resolves when the candidacy has ended and the lease was released; never rejects. */
  readonly done: Promise<void>;
}

/**
 * Runs for leadership until the signal ends it.
 *
 * Guarantees: at most one candidate leads, as long as monotonic clocks run at about the same speed: a leader stops by its
 * own clock `leaseMs - renewDeadlineMs` before another may start. A write that must not come from a former leader is
 * preceded by a look at `isLeader()`, which is exact even when the event loop was stopped.
 * Assumptions: the candidate may get, create and update the Lease.
 */
export function electLeader(options: LeaderElectionOptions): LeaderElection {
  const candidate = new Candidate(options);
  return { isLeader: () => candidate.isLeader, done: candidate.run() };
}

class Candidate {
  readonly #options: LeaderElectionOptions;
  readonly #lease: LeaseHolder;
  readonly #logger: Logger;
  readonly #renewDeadlineMs: number;
  readonly #retryMs: number;
  #term: AbortController | undefined;
  #leadsUntilMs = Number.NEGATIVE_INFINITY;
  #expiry: NodeJS.Timeout | undefined;

  constructor(options: LeaderElectionOptions) {
    const { client, lease, identity, logger, leaseMs = 15_000, renewDeadlineMs = 10_000, retryMs = 2_000 } = options;
    if (renewDeadlineMs >= leaseMs) {
      const detail = `renewDeadlineMs is ${renewDeadlineMs}: set it below leaseMs, ${leaseMs}`;
      throw new RangeError(`cannot elect a leader by Lease "${formatKey(lease)}": ${detail}`);
    }
    this.#options = options;
    this.#logger = logger.child({ lease: formatKey(lease), identity });
    this.#lease = new LeaseHolder({ client, key: lease, identity, leaseMs });
    this.#renewDeadlineMs = renewDeadlineMs;
    this.#retryMs = retryMs;
  }

  get isLeader(): boolean {
    return this.#term?.signal.aborted === false && performance.now() < this.#leadsUntilMs;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      if (await this.#hold()) await this.#serveTerm();
      // Jitter keeps candidates that started together from asking together.
      await pause(this.#retryMs * (1 + Math.random() * 0.2), signal);
    }
  }

  /** A failure to ask is not a failure to hold: the deadline decides. */
  async #hold(): Promise<boolean> {
    const askedAtMs = performance.now();
    try {
      // Counted from before the write: the server may have stored it any time since.
      const isHeld = await this.#lease.hold(this.#renewDeadlineMs / 2);
      if (isHeld) this.#leadsUntilMs = askedAtMs + this.#renewDeadlineMs;
      return isHeld && performance.now() < this.#leadsUntilMs;
    } catch (error) {
      this.#logger.warn({ error }, "cannot reach the leader lease, retrying");
      return false;
    }
  }

  async #serveTerm(): Promise<void> {
    const term = new AbortController();
    const end = (): void => term.abort();
    this.#options.signal.addEventListener("abort", end, { once: true });
    if (this.#options.signal.aborted) end();
    this.#term = term;
    this.#armExpiry(term);
    this.#logger.info({}, "became the leader");
    const work = this.#lead(term);
    await this.#renewUntilLost(term);
    await work;
    clearTimeout(this.#expiry);
    this.#options.signal.removeEventListener("abort", end);
    this.#logger.info({}, "no longer the leader");
    await this.#release();
  }

  async #lead(term: AbortController): Promise<void> {
    try {
      await this.#options.lead(term.signal);
    } catch (error) {
      this.#logger.error({ error }, "leader failed, giving leadership up");
    } finally {
      term.abort();
    }
  }

  async #renewUntilLost(term: AbortController): Promise<void> {
    while (!term.signal.aborted) {
      await pause(this.#retryMs, term.signal);
      if (term.signal.aborted) return;
      const isHeld = await this.#hold();
      if (isHeld) this.#armExpiry(term);
      else if (this.#lease.holder !== this.#options.identity) term.abort();
    }
  }

  #armExpiry(term: AbortController): void {
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => term.abort(), this.#leadsUntilMs - performance.now());
  }

  async #release(): Promise<void> {
    try {
      await this.#lease.release(this.#renewDeadlineMs / 2);
    } catch (error) {
      this.#logger.warn({ error }, "cannot release the leader lease, it will expire");
    }
  }
}
