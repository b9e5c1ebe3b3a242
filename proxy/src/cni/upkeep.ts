import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@meshwright/log/logger";

const intervalMs = 2000;

/** Work that is done again and again, so that the node stays as it should be, whoever changes it. */
export interface Upkeep extends AsyncDisposable {
  /** What went wrong at the last attempt; undefined when nothing did. */
  readonly problem: () => string | undefined;
}

/** What upkeep logs. */
export interface UpkeepWords {
  readonly done: string;
  readonly failed: string;
}

/**
 * Does the work now, and then every 2 s until it is disposed. Resolves after the first attempt, which may have failed: a
 * failure is logged once, and when it is over. Disposing leaves everything where it is.
 * @param work resolves with the path of what it changed, if it changed anything
 */
export async function startUpkeep(
  work: () => Promise<string | undefined>,
  words: UpkeepWords,
  logger: Logger,
): Promise<Upkeep> {
  let problem: string | undefined;
  const attempt = async (): Promise<void> => {
    const last = problem;
    problem = await work().then(
      (path) => void (path !== undefined && logger.info({ path }, words.done)),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (problem !== last && problem !== undefined) logger.warn({ problem }, words.failed);
  };
  await attempt();
  const stop = new AbortController();
  const { signal } = stop;
  const kept = (async () => {
    while (await pause(intervalMs, true, { signal, ref: false }).catch(() => false)) await attempt();
  })();
  return {
    problem: () => problem,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await kept;
    },
  };
}
