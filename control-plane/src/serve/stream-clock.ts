/**
 * Ends a stream's patience: one timer for each thing that a client owes. Timers keep no process alive.
 */
export class StreamClock<Debt extends string> {
  readonly #timers = new Map<Debt, NodeJS.Timeout>();

  /** Calls the function unless the debt is settled within the time; a debt that runs already goes on as it is. */
  owe(debt: Debt, ms: number, expired: () => void): void {
    if (this.#timers.has(debt)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(debt);
      expired();
    }, ms);
    this.#timers.set(debt, timer.unref());
  }

  settle(debt: Debt): void {
    clearTimeout(this.#timers.get(debt));
    this.#timers.delete(debt);
  }

  settleAll(): void {
    for (const debt of this.#timers.keys()) this.settle(debt);
  }
}
