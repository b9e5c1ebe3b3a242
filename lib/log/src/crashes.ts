import type { Logger } from "./logger.ts";

/** Has what nobody caught logged as everything else is, and ends the process: what it was about is in a state that nobody knows. */
export function logCrashes(logger: Logger): void {
  process.on("uncaughtException", (error, origin) => {
    logger.error({ error, origin }, "uncaught error, ending");
    process.exit(1);
  });
}
