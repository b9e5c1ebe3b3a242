import type { FleetLine, FleetProxy, FleetReplica, FleetType } from "@meshwright/contract/fleet";
import type { ProxyRejection } from "../observe/types.ts";

/** What one replica told, added up. */
export interface Reading {
  /** Name of its pod. */
  readonly replica: string;
  readonly version: string;
  readonly connected: number;
  /** Proxies that have acknowledged everything that they were sent, by their version; empty: they do not say. */
  readonly settledByVersion: ReadonlyMap<string, number>;
  /** All proxies by their version. */
  readonly byVersion: ReadonlyMap<string, number>;
  readonly stale: number;
  readonly rejecting: number;
  readonly rejections: readonly ProxyRejection[];
}

/** A proxy that has not acknowledged a response for so long, in milliseconds, is stale. */
export const staleAfterMs = 30_000;

/** What was sent so shortly ago is on its way: where endpoints change all the time, something always is. */
const inFlightMs = 5_000;

/** More than anybody can look at; a fleet that rejects everything must not fill the operator's memory. */
const maxRejections = 200;

/** Adds up the lines of a fleet view, so that no more than one proxy is held at a time. */
export class Tally {
  #replica: FleetReplica | undefined;
  #connected = 0;
  readonly #settledByVersion = new Map<string, number>();
  readonly #byVersion = new Map<string, number>();
  #stale = 0;
  #rejecting = 0;
  readonly #rejections = new Map<string, ProxyRejection>();
  #isComplete = false;

  add(line: FleetLine): void {
    switch (line.kind) {
      case "replica":
        this.#replica = line;
        return;
      case "proxy":
        return this.#addProxy(line);
      case "end":
        this.#isComplete = line.proxies === this.#connected;
    }
  }

  /** The sum; undefined when lines are missing. */
  reading(): Reading | undefined {
    if (this.#replica === undefined || !this.#isComplete) return undefined;
    return {
      replica: this.#replica.replica,
      version: this.#replica.version,
      connected: this.#connected,
      settledByVersion: this.#settledByVersion,
      byVersion: this.#byVersion,
      stale: this.#stale,
      rejecting: this.#rejecting,
      rejections: [...this.#rejections.values()],
    };
  }

  #addProxy(proxy: FleetProxy): void {
    const types = Object.values(proxy.types);
    const isRejecting = types.some(({ rejected }) => rejected.length > 0);
    const isStale = types.some(({ waitingMs }) => waitingMs > staleAfterMs);
    this.#connected += 1;
    count(this.#byVersion, proxy.version);
    if (isRejecting) this.#rejecting += 1;
    if (isStale) this.#stale += 1;
    if (!isRejecting && !isStale && isSettled(types)) count(this.#settledByVersion, proxy.version);
    for (const { rejected } of types) for (const rejection of rejected) this.#addRejection(rejection);
  }

  /** Of several proxies' words the first in the alphabet, so that they do not change without a cause. */
  #addRejection({ resource, message, objects }: ProxyRejection): void {
    const key = JSON.stringify([resource, objects]);
    const known = this.#rejections.get(key);
    if (known === undefined && this.#rejections.size >= maxRejections) return;
    if (known === undefined || message < known.message) this.#rejections.set(key, { resource, message, objects });
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A proxy that has acknowledged nothing yet has no configuration. */
function isSettled(types: readonly FleetType[]): boolean {
  const isAcknowledged = ({ isSettled: isDone, acknowledged, waitingMs }: FleetType): boolean =>
    isDone || (acknowledged !== "" && waitingMs < inFlightMs);
  return types.some(({ acknowledged }) => acknowledged !== "") && types.every(isAcknowledged);
}
