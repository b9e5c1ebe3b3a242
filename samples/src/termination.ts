import { setTimeout as delay } from "node:timers/promises";

/** Aborts when the process is told to end (SIGTERM, SIGINT). */
export function terminationSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

/** How long a server still takes requests after SIGTERM: clients hear of its end from the API server, a moment later. */
const lameDuckMs = 3000;
/** Then open streams are cut. */
const closeMs = 15_000;

/** Serves until the process is told to end, then lets what is open finish. Resolves to the exit code. */
export async function serveUntilTerminated(closeServers: () => Promise<void>): Promise<number> {
  const signal = terminationSignal();
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await delay(lameDuckMs);
  await Promise.race([closeServers(), delay(closeMs, undefined, { ref: false })]);
  return 0;
}
