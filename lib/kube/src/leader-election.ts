import type { Logger } from "@meshwright/log/logger";
import type { KubeClient } from "./client.ts";
import type { ObjectKey } from "./types.ts";

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
