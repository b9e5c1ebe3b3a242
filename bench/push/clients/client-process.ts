import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Command, Counts, Report, Sign } from "./messages.ts";

/** When each proxy had everything, after all began to connect at once. In milliseconds. */
export interface Configured {
  readonly tookMs: readonly number[];
}

type Connect = Extract<Command, { readonly kind: "connect" }>;

/** A change that the clients look out for. */
export interface Watching {
  /** Resolves when every proxy has seen it, or after the time; times of `monotonicMs`, null: a proxy has not. */
  seen(timeoutMs: number): Promise<readonly (number | null)[]>;
}

type Pending = Readonly<Record<Report["kind"], Map<number, (report: Report) => void>>>;

/** The process of the clients of one control plane. Disposing ends it. */
export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #failed = Promise.withResolvers<never>();
  readonly #pending: Pending = {
    configured: new Map(),
    watching: new Map(),
    seen: new Map(),
    counted: new Map(),
    failed: new Map(),
  };
  #lastId = 0;

  constructor() {
    const program = join(import.meta.dirname, "main.ts");
    this.#child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    this.#failed.promise.catch(() => undefined);
    this.#child.once("exit", () => this.#failed.reject(new Error("cannot measure: the clients' process ended")));
    if (this.#child.stdout === null) throw new Error("cannot start the clients: no pipe from them");
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#take(JSON.parse(line)));
  }

  /** Connects all proxies at once. Errors: rejects when not every one has everything in time. */
  async connect({ target, node, proxies, expected }: Omit<Connect, "kind">, timeoutMs: number): Promise<Configured> {
    this.#send({ kind: "connect", target, node, proxies, expected });
    const report = await within(timeoutMs, this.#next("configured", 0));
    if (report !== undefined) return { tookMs: report.atMs.map((at) => at - report.beganMs) };
    const { retries, lastRetry } = await this.count();
    const told = `${retries} streams broke, the last by "${lastRetry}"`;
    throw new Error(`cannot measure: not all of ${proxies.length} proxies were configured in ${timeoutMs} ms; ${told}`);
  }

  /** Looks out for a change; resolves when the clients do. */
  async watch(signs: readonly Sign[]): Promise<Watching> {
    this.#lastId += 1;
    const id = this.#lastId;
    const seen = this.#next("seen", id);
    this.#send({ kind: "watch", id, signs });
    await this.#next("watching", id);
    return {
      seen: async (timeoutMs) => {
        const report = await within(timeoutMs, seen);
        if (report !== undefined) return report.atMs;
        this.#send({ kind: "giveUp", id });
        return (await seen).atMs;
      },
    };
  }

  async count(): Promise<Counts> {
    this.#send({ kind: "count" });
    return (await this.#next("counted", 0)).counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }

  #send(command: Command): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  #take(report: Report): void {
    if (report.kind === "failed")
      return this.#failed.reject(new Error(`cannot measure: the clients failed: ${report.message}`));
    const id = "id" in report ? report.id : 0;
    const waiting = this.#pending[report.kind];
    waiting.get(id)?.(report);
    waiting.delete(id);
  }

  /** Resolves with the next report of a kind. Errors: rejects when the clients have ended. */
  #next<Kind extends Report["kind"]>(kind: Kind, id: number): Promise<Extract<Report, { readonly kind: Kind }>> {
    const { promise, resolve } = Promise.withResolvers<Extract<Report, { readonly kind: Kind }>>();
    this.#pending[kind].set(id, (report) => {
      if (isOf(report, kind)) resolve(report);
    });
    return Promise.race([promise, this.#failed.promise]);
  }
}

function isOf<Kind extends Report["kind"]>(
  report: Report,
  kind: Kind,
): report is Extract<Report, { readonly kind: Kind }> {
  return report.kind === kind;
}

async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  const first = await Promise.race([promise, late]);
  clearTimeout(timer);
  return first;
}
