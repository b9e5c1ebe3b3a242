import { setTimeout as delay } from "node:timers/promises";
import { readCpuMs } from "../../process-usage.ts";

const windowMs = 1_000;
/** What a process of either kind uses for watches that are silent, keepalives and its collector. */
const idleMs = 30;
const longestMs = 30_000;

/** Resolves when a process has used next to no CPU time for a second, or after half a minute. */
export async function untilQuiet(pid: number): Promise<void> {
  const deadline = performance.now() + longestMs;
  let before = readCpuMs(pid);
  while (performance.now() < deadline) {
    await delay(windowMs);
    const now = readCpuMs(pid);
    if (now - before <= idleMs) return;
    before = now;
  }
}
