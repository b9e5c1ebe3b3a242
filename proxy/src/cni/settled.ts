import { setTimeout as pause } from "node:timers/promises";
import { CniError } from "./cni-error.ts";

/** How long a runtime may take to read a configuration that was changed: containerd and CRI-O do so at once. */
const defaultSettleMs = 1000;

/** Times that another one may change it back while somebody waits. */
const maxChanges = 10;

/** A configuration that somebody else reads, brought about by work that says what it changed. */
export class Settled {
  readonly #work: () => Promise<string | undefined>;
  readonly #settleMs: number;
  #running: Promise<string | undefined> | undefined;
  #changedAtMs = Number.NEGATIVE_INFINITY;

  /**
   * @param work resolves with the path of what it changed; undefined when all was as it should be
   * @param settleMs how long a change must have stood
   */
  constructor(work: () => Promise<string | undefined>, settleMs = defaultSettleMs) {
    this.#work = work;
    this.#settleMs = settleMs;
  }

  /** Does the work, once at a time. Errors: those of the work. */
  bring(): Promise<string | undefined> {
    this.#running ??= this.#bring().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /**
   * Resolves when all has been as it should be for the given time. Errors: those of the work, or CniError `ConflistUnusable` when
   * others change it all the time.
   */
  async settle(): Promise<void> {
    for (let changes = 0; changes < maxChanges; changes++) {
      const changed = await this.bring();
      const leftMs = this.#changedAtMs + this.#settleMs - performance.now();
      // What was changed a moment ago is looked at again, however long that moment was.
      if (changed === undefined && leftMs <= 0) return;
      await pause(Math.max(0, leftMs));
    }
    throw new CniError(
      "ConflistUnusable",
      "the node's CNI configuration is changed again and again by another program",
    );
  }

  async #bring(): Promise<string | undefined> {
    const path = await this.#work();
    if (path !== undefined) this.#changedAtMs = performance.now();
    return path;
  }
}
