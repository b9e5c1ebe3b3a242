import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { Reply } from "../client/client.ts";

/** What became of all requests so far. */
export interface Summary {
  /** Requests begun; `sent - ok - failed` are on their way. */
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  /** Answers by status, good and bad. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests without an answer, by reason. */
  readonly byError: Readonly<Record<string, number>>;
  /** From the moment a request was due, so that a stalled client does not hide a stalled server. */
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
  readonly replicas: Readonly<Record<string, number>>;
}

/** Counts every request. */
export class Tally {
  #sent = 0;
  #ok = 0;
  #failed = 0;
  readonly #byStatus = new Map<string, number>();
  readonly #byError = new Map<string, number>();
  readonly #replicas = new Map<string, number>();
  /** Microseconds: a histogram holds whole numbers. */
  readonly #latency: RecordableHistogram = createHistogram();

  get inFlight(): number {
    return this.#sent - this.#ok - this.#failed;
  }

  begin(): void {
    this.#sent++;
  }

  answered(reply: Reply, latencyMs: number): void {
    if (reply.isSuccess) this.#ok++;
    else this.#failed++;
    increment(this.#byStatus, reply.status);
    if (reply.replica !== "") increment(this.#replicas, reply.replica);
    this.#latency.record(Math.max(1, Math.round(latencyMs * 1000)));
  }

  failed(reason: string): void {
    this.#failed++;
    increment(this.#byError, reason);
  }

  summary(): Summary {
    return {
      sent: this.#sent,
      ok: this.#ok,
      failed: this.#failed,
      byStatus: sorted(this.#byStatus),
      byError: sorted(this.#byError),
      latencyMs: {
        p50: this.#percentileMs(50),
        p90: this.#percentileMs(90),
        p99: this.#percentileMs(99),
        max: this.#percentileMs(100),
      },
      replicas: sorted(this.#replicas),
    };
  }

  #percentileMs(percentile: number): number {
    return this.#latency.count === 0 ? 0 : this.#latency.percentile(percentile) / 1000;
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
