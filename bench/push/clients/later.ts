/** Tasks of many proxies that run together, in the order in which they came. */
export class Later {
  readonly #begin: (run: () => void) => void;
  #tasks: (() => void)[] = [];

  /** @param begin runs what it is given once, some time after the first task came; never at once */
  constructor(begin: (run: () => void) => void) {
    this.#begin = begin;
  }

  add(task: () => void): void {
    if (this.#tasks.push(task) === 1) this.#begin(() => this.#run());
  }

  #run(): void {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
  }
}
