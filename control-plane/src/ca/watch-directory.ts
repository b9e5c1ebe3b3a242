import { type FSWatcher, watch } from "node:fs";

/** Kubelet itself takes up to a minute to bring a changed Secret; asking this often adds little to it. */
const pollIntervalMs = 15_000;

/**
 * Calls `onChange` whenever something in a directory may have changed: at once where the file system tells, and every
 * 15 s, since a watch can be lost silently. One call at a time; changes during a call lead to one more.
 */
export function watchDirectory(dir: string, onChange: () => Promise<void>, signal: AbortSignal): void {
  let running: Promise<void> | undefined;
  let again = false;
  const run = (): void => {
    again = running !== undefined;
    running ??= onChange().finally(() => {
      running = undefined;
      if (again && !signal.aborted) run();
    });
  };
  const watcher = tryWatch(dir, run);
  const timer = setInterval(run, pollIntervalMs);
  timer.unref();
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    watcher?.close();
  });
}

/** Without a watch (too many of them on the node) the poll has to do. */
function tryWatch(dir: string, onEvent: () => void): FSWatcher | undefined {
  try {
    return watch(dir, { persistent: false }, onEvent).on("error", onEvent);
  } catch {
    return undefined;
  }
}
