import { setTimeout as delay } from "node:timers/promises";
import { readCpuMs, readResident, resetPeak } from "../../process-usage.ts";
import type { ClientProcess } from "../clients/client-process.ts";
import type { Command } from "../clients/messages.ts";
import type { ControlPlane } from "../contender.ts";
import { maximum, percentile } from "./latency.ts";
import { untilQuiet } from "./quiet.ts";

/** What it took to configure proxies that all came at once. Times in milliseconds, sizes in bytes. */
export interface Configuring {
  /** CPU time of the control plane until all was quiet again. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly lastMs: number;
  /** Resident before the proxies came, with the whole mesh in memory. */
  readonly beforeBytes: number;
  readonly peakBytes: number;
  /** Resident some seconds after all was quiet again. */
  readonly settledBytes: number;
  /** gRPC messages that a proxy received. */
  readonly bytesPerProxy: number;
  /** Streams that were refused or broke before all were configured. */
  readonly retries: number;
}

/** The proxies that come, and what they must have in the end. */
export type Arriving = Pick<Extract<Command, { readonly kind: "connect" }>, "node" | "proxies" | "expected">;

const configureTimeoutMs = 180_000;

/** Connects proxies to a control plane that is at rest. */
export async function measureConfiguring(
  { pid, target }: ControlPlane,
  clients: ClientProcess,
  arriving: Arriving,
  settleMs: number,
): Promise<Configuring> {
  await untilQuiet(pid);
  resetPeak(pid);
  const beforeBytes = readResident(pid).nowBytes;
  const cpuBefore = readCpuMs(pid);
  const { tookMs } = await clients.connect({ target, ...arriving }, configureTimeoutMs);
  await untilQuiet(pid);
  const cpuMs = readCpuMs(pid) - cpuBefore;
  await delay(settleMs);
  const { nowBytes, peakBytes } = readResident(pid);
  const { bytes, retries } = await clients.count();
  return {
    cpuMs,
    p50Ms: percentile(tookMs, 0.5),
    lastMs: maximum(tookMs),
    beforeBytes,
    peakBytes,
    settledBytes: nowBytes,
    bytesPerProxy: bytes / arriving.proxies.length,
    retries,
  };
}
