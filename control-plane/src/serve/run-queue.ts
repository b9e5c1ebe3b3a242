/**
 * Longest that tasks hold the event loop before others get their turn, in milliseconds. What they write is encrypted and
 * sent right after them, in the same turn, and takes about as long again. Between turns the answers of those are read who
 * have theirs already, and the last of hundreds waits for that too.
 */
const sliceMs = 4;

/** How the queue gets its turns; tests bring their own. */
export interface Turns {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** Runs a task in a later turn of the event loop, after those that are due. */
  later(task: () => void): void;
}

const platformTurns: Turns = {
  now: () => performance.now(),
  later: (task) => void setImmediate(task),
};

/**
 * Runs tasks one after the other in the order in which they were added, a few milliseconds of them in each turn of the
 * event loop: what concerns a thousand proxies at once delays nobody else. A task must not throw and be short itself.
 */
export class RunQueue {
  readonly #turns: Turns;
  #waiting: (() => void)[] = [];
  #running: (() => void)[] = [];
  #next = 0;
  #isScheduled = false;

  constructor(turns: Turns = platformTurns) {
    this.#turns = turns;
  }

  add(task: () => void): void {
    this.#waiting.push(task);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#turns.later(() => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    const endMs = this.#turns.now() + sliceMs;
    for (let task = this.#take(); task !== undefined; task = this.#take()) {
      task();
      if (this.#turns.now() >= endMs) break;
    }
    if (this.#next < this.#running.length || this.#waiting.length > 0) this.#schedule();
  }

  /** Two lists instead of one that is shifted, which costs its length each time. */
  #take(): (() => void) | undefined {
    if (this.#next === this.#running.length) {
      this.#running = this.#waiting;
      this.#waiting = [];
      this.#next = 0;
    }
    return this.#running[this.#next++] ?? this.#end();
  }

  #end(): undefined {
    this.#running = [];
    this.#next = 0;
  }
}
