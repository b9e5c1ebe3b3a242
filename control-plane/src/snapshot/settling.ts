import type { Graph } from "@meshwright/collections/graph";
import type { Timers } from "./debounce.ts";
import type { Encoder } from "./encoder.ts";
import type { PushObserver } from "./observer.ts";

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
  #workedMs = 0;
  #cancel: (() => void) | undefined;

  constructor(graph: Graph, encoder: Encoder, timers: Timers, observer: PushObserver) {
    this.#graph = graph;
    this.#encoder = encoder;
    this.#timers = timers;
    this.#observer = observer;
  }

  /**
   * Takes a batch of changes in.
   *
   * @param waitedMs how long the first of them has waited
   */
  take(write: () => void, waitedMs: number): void {
    this.#observer.staged("event", waitedMs);
    this.#work(() => this.#graph.write(write));
  }

  /** Leaves what is not worked off. */
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
    if (isSettled) this.#report();
    else this.#cancel = this.#timers.schedule(() => this.#work(), 0);
  }

  #report(): void {
    const { translateMs, encodeMs } = this.#encoder.takeTimes();
    this.#observer.staged("model", Math.max(0, this.#workedMs - translateMs - encodeMs));
    this.#observer.staged("translate", translateMs);
    this.#observer.staged("encode", encodeMs);
    this.#workedMs = 0;
  }
}
