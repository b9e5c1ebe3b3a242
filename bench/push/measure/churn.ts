import { setTimeout as delay } from "node:timers/promises";
import { readCpuMs, readResident } from "../../process-usage.ts";
import { toggle } from "./endpoint-changes.ts";
import { type Change, maximum, percentile } from "./latency.ts";
import { type Point, slope } from "./linear-fit.ts";
import { type Running, type Written, writeChange } from "./running.ts";

/** What endpoint changes that never end took. */
export interface Churn {
  readonly seconds: number;
  /** Changes that were written in a second; less than asked for when the machine cannot. */
  readonly changesPerSecond: number;
  /** CPU time of the control plane until every proxy had seen every change, in milliseconds. */
  readonly cpuMs: number;
  readonly proxies: number;
  /** How often a proxy saw a change, over all of both. */
  readonly reached: number;
  /** Of these, those within `inTimeMs`. */
  readonly reachedInTime: number;
  /** Responses that the proxies received meanwhile. */
  readonly responses: number;
  /** Over all changes and proxies. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The 99th percentile of the proxy whose is the highest. */
  readonly worstProxyP99Ms: number;
  /** Resident memory: at the first sample, at most, and what a line through all samples rises by in the whole time. */
  readonly firstBytes: number;
  readonly peakBytes: number;
  readonly grownBytes: number;
  /** The same in the second half alone: what warms up has done so. */
  readonly grownInSecondHalfBytes: number;
}

/** What the project sets itself for a proxy while changes never end. */
export const inTimeMs = 200;

const changesPerSecond = 20;
const sampleMs = 1_000;

/** Changes one endpoint after the other, of one Service after the other, for a time. */
export async function measureChurn(running: Running, seconds: number): Promise<Churn> {
  const { pid } = running.controlPlane;
  const cpuBefore = readCpuMs(pid);
  const { responses: responsesBefore } = await running.clients.count();
  const began = performance.now();
  const samples = sampleResident(pid);
  const written = await writeAll(running, seconds);
  const elapsedSeconds = (performance.now() - began) / 1_000;
  const points = samples.stop();
  const changes = await Promise.all(written.map(({ change }) => change));
  const cpuMs = readCpuMs(pid) - cpuBefore;
  const { responses } = await running.clients.count();
  await restore(running, written.length);
  return {
    seconds: elapsedSeconds,
    changesPerSecond: changes.length / elapsedSeconds,
    cpuMs,
    proxies: changes[0]?.tookMs.length ?? 0,
    reached: reached(changes, Number.MAX_VALUE),
    reachedInTime: reached(changes, inTimeMs),
    responses: responses - responsesBefore,
    ...lags(changes),
    firstBytes: points[0]?.y ?? Number.NaN,
    peakBytes: maximum(points.map(({ y }) => y)),
    grownBytes: slope(points) * elapsedSeconds,
    grownInSecondHalfBytes: (slope(points.slice(points.length >> 1)) * elapsedSeconds) / 2,
  };
}

/** At even times, none waiting for the one before: whoever falls behind must not get fewer changes by it. */
async function writeAll(running: Running, seconds: number): Promise<readonly Written[]> {
  const { services } = running;
  const writing: Promise<Written>[] = [];
  const began = performance.now();
  for (let index = 0; performance.now() - began < seconds * 1_000; index++) {
    const dueMs = began + (index * 1_000) / changesPerSecond;
    await delay(Math.max(0, dueMs - performance.now()));
    const service = services[index % services.length];
    if (service === undefined) break;
    const { signs, write } = toggle(running, service, isReadyAt(index, services.length));
    writing.push(writeChange(running, signs, write));
  }
  return await Promise.all(writing);
}

/** In every second round the endpoints come back. */
function isReadyAt(index: number, services: number): boolean {
  return Math.floor(index / services) % 2 === 1;
}

/** Leaves the mesh as it was: what is measured next counts on it. */
async function restore(running: Running, changes: number): Promise<void> {
  for (const [index, service] of running.services.entries()) {
    const rounds = Math.ceil((changes - index) / running.services.length);
    if (rounds % 2 === 1) await toggle(running, service, true).write();
  }
}

function reached(changes: readonly Change[], withinMs: number): number {
  return changes.reduce((sum, { tookMs }) => sum + tookMs.filter((took) => took <= withinMs).length, 0);
}

function lags(changes: readonly Change[]): Pick<Churn, "p50Ms" | "p99Ms" | "worstProxyP99Ms"> {
  const proxies = changes[0]?.tookMs.length ?? 0;
  const ofProxy = (proxy: number): number[] => changes.map(({ tookMs }) => tookMs[proxy] ?? Number.NaN);
  const all = changes.flatMap(({ tookMs }) => tookMs);
  return {
    p50Ms: percentile(all, 0.5),
    p99Ms: percentile(all, 0.99),
    worstProxyP99Ms: maximum(Array.from({ length: proxies }, (_, proxy) => percentile(ofProxy(proxy), 0.99))),
  };
}

function sampleResident(pid: number): { stop(): readonly Point[] } {
  const points: Point[] = [];
  const sample = (): void => void points.push({ x: performance.now() / 1_000, y: readResident(pid).nowBytes });
  sample();
  const timer = setInterval(sample, sampleMs);
  return {
    stop: () => {
      clearInterval(timer);
      return points;
    },
  };
}
