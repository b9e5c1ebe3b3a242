import { setTimeout as delay } from "node:timers/promises";
import { DevError } from "./dev-error.ts";

const pollMs = 100;

/**
 * Polls a condition until it holds.
 * @param what completes "waited n s for ..."
 *
 * Errors: DevError `TimedOut` after the deadline; what the condition throws goes through.
 */
export async function until(
  what: string,
  deadlineMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new DevError("TimedOut", `waited ${deadlineMs / 1000} s for ${what}`);
    await delay(pollMs);
  }
}
