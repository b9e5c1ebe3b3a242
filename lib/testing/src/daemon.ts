import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A server that a test has started. */
export interface Daemon {
  readonly pid: number;
  /** Resolves when the probe passes. Errors: rejects with the end of the log when the server exits or takes too long. */
  untilReady(probe: () => Promise<boolean>, timeoutMs: number): Promise<void>;
  /** Asks it to end, kills it after 10 s, and resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it as a crash would; resolves when it is gone. */
  kill(): Promise<void>;
}

const logTailChars = 4_000;

/**
 * Starts a program with its output kept for messages. It dies with the test's process at the latest.
 *
 * @param env beside this process's own environment
 */
export function startDaemon(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Daemon {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let log = "";
  const keep = (chunk: Buffer): void => {
    log = (log + chunk.toString("utf8")).slice(-logTailChars);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.on("error", (error) => keep(Buffer.from(`${error.message}\n`)));
  const onExit = (): void => void child.kill("SIGKILL");
  process.once("exit", onExit);
  child.once("exit", () => process.removeListener("exit", onExit));
  const fail = (what: string): Error => new Error(`${basename(program)} ${what}; the end of its log:\n${log}`);

  return {
    pid: child.pid ?? 0,
    untilReady: async (probe, timeoutMs) => {
      const deadline = performance.now() + timeoutMs;
      while (!(await probe().catch(() => false))) {
        if (hasEnded(child)) throw fail("ended before it was ready");
        if (performance.now() > deadline) throw fail(`was not ready within ${timeoutMs} ms`);
        await sleep(50);
      }
    },
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, "exit");
  child.kill(signal);
  const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(killer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
