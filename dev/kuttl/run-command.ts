import { spawn } from "node:child_process";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { type CommandText, commandLine } from "./command-line.ts";
import { KuttlError } from "./kuttl-error.ts";

/** Where and how long a command of a step runs. */
export interface CommandContext {
  /** Folder of the test: the commands' working directory. */
  readonly dir: string;
  readonly namespace: string;
  readonly kubeconfig: string;
  /** Zero: no limit. */
  readonly timeoutSeconds: number;
  readonly log: (line: string) => void;
}

/**
 * Runs a command to its end and logs its output line by line.
 *
 * Errors: KuttlError `CommandFailed` for another exit code than 0, `TimedOut` when it takes too long; the command and
 * all that it started are then killed.
 */
export async function runCommand(text: CommandText, context: CommandContext): Promise<void> {
  const env = environment(context);
  const [program, ...args] = commandLine(text, env);
  // Its own process group, so that a timeout reaches what a script started.
  const child = spawn(program, args, { cwd: context.dir, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", context.log);
  const ended = Promise.withResolvers<number>();
  child.once("error", (cause) =>
    ended.reject(new KuttlError("CommandFailed", cannotRun(text, cause.message), { cause })),
  );
  child.once("close", (code) => ended.resolve(code ?? 128));
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      killGroup(child.pid);
    },
    context.timeoutSeconds * 1000 || maxTimerMs,
  );
  const code = await ended.promise.finally(() => clearTimeout(timer));
  if (timedOut) throw new KuttlError("TimedOut", cannotRun(text, `not finished after ${context.timeoutSeconds} s`));
  if (code !== 0) throw new KuttlError("CommandFailed", cannotRun(text, `exit code ${code}`));
}

/** The longest that a Node timer can wait, about 25 days. */
const maxTimerMs = 2 ** 31 - 1;

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended in the same moment.
  }
}

/** What kuttl adds to the environment of commands. */
function environment({ namespace, kubeconfig }: CommandContext): Readonly<Record<string, string | undefined>> {
  const path = [join(process.cwd(), "bin"), process.env["PATH"] ?? ""].join(delimiter);
  return { ...process.env, NAMESPACE: namespace, KUBECONFIG: resolve(kubeconfig), PATH: path };
}

function cannotRun({ command, script }: CommandText, detail: string): string {
  const [first = ""] = (command ?? script ?? "").trim().split("\n");
  return `cannot run "${first}": ${detail}`;
}
