import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@meshwright/log/logger";

const intervalMs = 2000;

/**
 * Has the plugin installed now and every 2 s, so that a node whose CNI writes its configuration late, or anew, is mended.
 * Reports a failure once, and when it is over. Never rejects; resolves when the signal is given, and leaves the plugin
 * where it is: pods that start while the agent restarts must wait for it.
 * @param install as `installPlugin`
 */
export async function keepInstalled(
  install: () => Promise<string | undefined>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let reported = "";
  while (!signal.aborted) {
    const problem = await attempt(install, logger);
    if (problem !== reported && problem !== "") logger.warn({ problem }, "CNI plugin not installed");
    reported = problem;
    await pause(intervalMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** What is wrong; empty when nothing is. */
async function attempt(install: () => Promise<string | undefined>, logger: Logger): Promise<string> {
  try {
    const conflist = await install();
    if (conflist !== undefined) logger.info({ conflist }, "CNI plugin installed");
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
