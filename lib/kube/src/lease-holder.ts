import type { KubeClient } from "./client.ts";
import { isKubeError } from "./kube-error.ts";
import { heldLease, type Lease, leaseType, newLease, releasedLease } from "./lease-record.ts";
import type { ObjectKey } from "./types.ts";

export interface LeaseHolderOptions {
  readonly client: KubeClient;
  readonly key: Required<ObjectKey>;
  readonly identity: string;
  readonly leaseMs: number;
}

/** One candidate's dealings with the Lease. Others' clocks are never trusted: only how long a record stayed unchanged. */
export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  /** As last read or written. */
  #lease: Lease | undefined;
  /** When the current record was first seen, on this process's monotonic clock. */
  #seenAtMs = 0;

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
  }

  /** Whoever holds it by the last record; empty when nobody does. */
  get holder(): string {
    return this.#lease?.spec.holderIdentity ?? "";
  }

  /**
   * Takes or renews the lease if it is free or ours.
   * Errors: rejects with KubeError when the server cannot be asked; the caller still holds what it held.
   */
  async hold(timeoutMs: number): Promise<boolean> {
    if (this.holder === this.#options.identity && (await this.#write(timeoutMs))) return true;
    await this.#read(timeoutMs);
    return this.#isTakeable() && this.#write(timeoutMs);
  }

  /** Leaves the lease to others, if it is still ours. */
  async release(timeoutMs: number): Promise<void> {
    if (this.#lease === undefined || this.holder !== this.#options.identity) return;
    await this.#save(this.#options.client.update(leaseType, releasedLease(this.#lease, new Date()), { timeoutMs }));
  }

  async #read(timeoutMs: number): Promise<void> {
    const lease = await this.#options.client.get(leaseType, this.#options.key, { timeoutMs });
    if (lease?.metadata.resourceVersion !== this.#lease?.metadata.resourceVersion) this.#seenAtMs = performance.now();
    this.#lease = lease;
  }

  #isTakeable(): boolean {
    const { identity, leaseMs } = this.#options;
    if (this.holder === "" || this.holder === identity) return true;
    const durationMs = (this.#lease?.spec.leaseDurationSeconds ?? leaseMs / 1000) * 1000;
    return performance.now() >= this.#seenAtMs + durationMs;
  }

  /** The resourceVersion makes two candidates that write at once into a winner and a loser. */
  #write(timeoutMs: number): Promise<boolean> {
    const { client, key, identity, leaseMs } = this.#options;
    const now = new Date();
    if (this.#lease === undefined) {
      return this.#save(client.create(leaseType, newLease(key, identity, leaseMs, now), { timeoutMs }));
    }
    return this.#save(client.update(leaseType, heldLease(this.#lease, identity, leaseMs, now), { timeoutMs }));
  }

  async #save(written: Promise<Lease>): Promise<boolean> {
    try {
      this.#lease = await written;
      this.#seenAtMs = performance.now();
      return true;
    } catch (error) {
      if (isKubeError(error, "Conflict", "AlreadyExists", "NotFound")) return false;
      throw error;
    }
  }
}
