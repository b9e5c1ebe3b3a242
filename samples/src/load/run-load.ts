import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../client/client.ts";
import { failureName } from "../client/failure.ts";
import type { Tally } from "./tally.ts";

export interface LoadOptions {
  /** Asked in turn. */
  readonly clients: readonly [Client, ...Client[]];
  readonly requestsPerSecond: number;
  /** Infinity: until the signal. */
  readonly durationSeconds: number;
  readonly timeoutMs: number;
  /** Ends the sending; what is on its way is still waited for. */
  readonly signal: AbortSignal;
}

/** Requests that may wait at once: beyond it the server is lost, and the client would be next. */
const maxInFlight = 10_000;

/**
 * Sends at a steady rate, whether answers come or not (an open loop): a server that stalls sees the requests pile up, as it
 * would with real users. Resolves when every request has an answer or has failed.
 */
export async function runLoad(options: LoadOptions, tally: Tally): Promise<void> {
  const { requestsPerSecond, durationSeconds, signal } = options;
  const intervalMs = 1000 / requestsPerSecond;
  const total = Math.round(requestsPerSecond * durationSeconds);
  const startedAt = performance.now();
  const pending = new Set<Promise<void>>();
  for (let index = 0; index < total && !signal.aborted; ) {
    for (; index < total && startedAt + index * intervalMs <= performance.now(); index++) {
      const request = sendOne(options, index, startedAt + index * intervalMs, tally).then(
        () => void pending.delete(request),
      );
      pending.add(request);
    }
    await pause(startedAt + index * intervalMs - performance.now(), signal);
  }
  await Promise.all(pending);
}

async function sendOne({ clients, timeoutMs }: LoadOptions, index: number, dueAt: number, tally: Tally): Promise<void> {
  const isOverloaded = tally.inFlight >= maxInFlight;
  tally.begin();
  if (isOverloaded) return tally.failed("TooManyInFlight");
  const client = clients[index % clients.length] ?? clients[0];
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    tally.answered(await client.send(timeout), performance.now() - dueAt);
  } catch (error) {
    tally.failed(failureName(error, timeout));
  }
}

/** Waits at least one turn of the event loop, which has the answers. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // an abort ends the pause early, which is all it should do
  await delay(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
}
