import { setTimeout as delay } from "node:timers/promises";
import { readCpuMs, readMemory } from "../../process-usage.ts";
import { type ClusterStatuses, type ConfigDump, countConfig, countEndpoints } from "./config-counts.ts";
import type { Figures } from "./figures.ts";
import type { Sidecar } from "./start-sidecar.ts";

const quietMs = 3_000;
const settleTimeoutMs = 60_000;

/** Waits until the sidecar is quiet, lets it idle, and reads what it has. What Envoy is asked for comes last: answers cost memory. */
export async function measure(sidecar: Sidecar, idleMs: number): Promise<Figures> {
  const receivedBytes = await untilQuiet(sidecar);
  const before = readCpuMs(sidecar.pid);
  await delay(idleMs);
  const idleCpuMs = readCpuMs(sidecar.pid) - before;
  const memory = readMemory(sidecar.pid);
  return { readyMs: sidecar.readyMs, receivedBytes, idleCpuMs, ...memory, ...(await counts(sidecar)) };
}

async function counts({ admin }: Sidecar) {
  const stats = (await admin.get("/stats")).split("\n").filter((line) => line !== "").length;
  const dump: ConfigDump = JSON.parse(await admin.get("/config_dump"));
  const statuses: ClusterStatuses = JSON.parse(await admin.get("/clusters?format=json"));
  return { stats, endpoints: countEndpoints(statuses), ...countConfig(dump) };
}

/** Resolves with the bytes that came from the control plane, once none has come for a while. */
async function untilQuiet(sidecar: Sidecar): Promise<number> {
  const deadline = performance.now() + settleTimeoutMs;
  let last = await received(sidecar);
  while (true) {
    await delay(quietMs);
    const now = await received(sidecar);
    if (now === last) return now;
    if (performance.now() > deadline) throw new Error("cannot measure: the control plane goes on sending");
    last = now;
  }
}

async function received({ admin }: Sidecar): Promise<number> {
  const name = "cluster.xds-grpc.upstream_cx_rx_bytes_total";
  const [, value] = /: (\d+)/.exec(await admin.get(`/stats?filter=${name}`)) ?? [];
  if (value === undefined) throw new Error(`cannot measure: Envoy does not count "${name}"`);
  return Number(value);
}
