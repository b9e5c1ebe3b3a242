import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { DevError } from "./dev-error.ts";
import { tail } from "./tail.ts";

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is empty otherwise. */
  readonly input?: string;
  /** Called with each line of standard output and standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

/** What a program that ended left. */
export interface Outcome {
  /** Exit code; 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end and returns its standard output.
 *
 * Errors: DevError `CommandFailed` with the end of its output when it exits with another code than 0, and
 * `Prerequisite` when the program is not installed.
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await attempt(program, args, options);
  if (outcome.code === 0) return outcome.stdout;
  const output = tail(`${outcome.stdout}\n${outcome.stderr}`, 20);
  throw new DevError(
    "CommandFailed",
    `cannot run "${program} ${args.join(" ")}": exit code ${outcome.code}\n${output}`,
  );
}

/** Runs a program to its end and returns how it ended, whatever the exit code. */
export async function attempt(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A program that ends without reading its input is not an error of ours.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const stdout = collect(child.stdout, options.onLine);
  const stderr = collect(child.stderr, options.onLine);
  const code = await exitCode(child, program);
  return { code, stdout: await stdout, stderr: await stderr };
}

async function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    lines.push(line);
    onLine?.(line);
  }
  return lines.join("\n");
}

function exitCode(child: ChildProcess, program: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", (cause) =>
    reject(new DevError("Prerequisite", `cannot run "${program}": ${cause.message}; install it first`, { cause })),
  );
  child.once("close", (code) => resolve(code ?? 128));
  return promise;
}
