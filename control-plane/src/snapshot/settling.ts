import type { Graph } from "@meshwright/collections/graph";
import type { Encoder } from "./encoder.ts";
import type { PushObserver } from "./observer.ts";
import type { Timers } from "./timers.ts";

/** How long the event loop is held up at a time, in milliseconds: less than anybody who is served would notice. */
const turnMs = 8;

/**
 * Has what follows from changes worked off, in turns between which others are served, and reports how long each stage
 * took. Changes that come meanwhile are taken in too, so that none waits for more than what is left.
 */
export class Settling {
  readonly #graph: Graph;
  readonly #encoder: Encoder;
  readonly #timers: Timers;
  readonly #observer: PushObserver;
  readonly #waiting = new Set<() => void>();
  #workedMs = 0;
  #isPush = false;
  #cancel: (() => void) | undefined;

  constructor(graph: Graph, encoder: Encoder, timers: Timers, observer: PushObserver) {
    this.#graph = graph;
    this.#encoder = encoder;
    this.#timers = timers;
    this.#observer = observer;
  }

  /** Takes in what is no push, as what there is before anybody is served, or that somebody left; it is not reported as one. */
  absorb(write: () => void): void {
    this.#work(() => this.#graph.write(write));
  }

  /**
   * Takes a batch of changes in.
   *
   * @param waitedMs how long the first of them has waited
   */
  take(write: () => void, waitedMs: number): void {
    this.#isPush = true;
    this.#observer.staged("event", waitedMs);
    this.#work(() => this.#graph.write(write));
  }

  /** Resolves when everything that was taken in so far is worked off. */
  settled(): Promise<void> {
    if (this.#cancel === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** Leaves what is not worked off, until somebody connects. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #work(begin: () => void = () => undefined): void {
    const startedMs = this.#timers.now();
    begin();
    const isSettled = this.#graph.settle(() => this.#timers.now() - startedMs < turnMs);
    this.#workedMs += this.#timers.now() - startedMs;
    this.stop();
    if (isSettled) this.#end();
    else this.#cancel = this.#timers.schedule(() => this.#work(), 0);
  }

  #end(): void {
    const { translateMs, encodeMs } = this.#encoder.takeTimes();
    if (this.#isPush) this.#report(translateMs, encodeMs);
    this.#workedMs = 0;
    this.#isPush = false;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #report(translateMs: number, encodeMs: number): void {
    this.#observer.staged("model", Math.max(0, this.#workedMs - translateMs - encodeMs));
    this.#observer.staged("translate", translateMs);
    this.#observer.staged("encode", encodeMs);
  }
}
