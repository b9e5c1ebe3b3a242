import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, relative } from "node:path";
import type { Inside, NetworkNamespace } from "@meshwright/testing/network-namespace";
import type { Order, Outcome, Result } from "../programs/order.ts";

const checkout = join(import.meta.dirname, "..", "..", "..");
/** Where the programs find the checkout: it may be below a folder that only its owner may enter, as the home of root is. */
const seenAt = "/mnt";
const programs = join(seenAt, relative(checkout, join(import.meta.dirname, "..", "programs")));

/** Starts one of our programs in a namespace; resolves when it says that it is ready. It ends with this process. */
export async function startProgram(
  namespace: NetworkNamespace,
  inside: Inside,
  program: "main.ts" | "forward.ts" | "serve-udp.ts",
  args: readonly string[],
): Promise<ChildProcess> {
  const withCheckout = { ...inside, mounts: { ...inside.mounts, [seenAt]: checkout } };
  const [command, all] = namespace.command(withCheckout, process.execPath, [join(programs, program), ...args]);
  // None of this machine's settings: a pod has its own.
  const env = { PATH: process.env["PATH"] };
  const child = spawn(command, all, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`cannot start ${program}: it ended`)));
  await Promise.race([once(child, "message"), ended]);
  ended.catch(() => undefined);
  return child;
}

/** Ends a program; resolves when it is gone. */
export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** A pod's application, which does what it is told. */
export class Application implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #orders = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", ({ id, outcome }: Result) => {
      this.#waiting.get(id)?.(outcome);
      this.#waiting.delete(id);
    });
    child.once("exit", () => {
      for (const answer of this.#waiting.values()) answer({ kind: "failed", detail: "the application ended" });
    });
  }

  /** Has one conversation as a client; always resolves, within the conversation's time limit. */
  speak(order: Omit<Order, "id">): Promise<Outcome> {
    const id = ++this.#orders;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.set(id, resolve);
    this.#child.send({ ...order, id } satisfies Order);
    return promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return stopProgram(this.#child);
  }
}
