interface Debt {
  readonly ms: number;
  readonly timer: NodeJS.Timeout;
  /** Undefined: it is settled. */
  expired: (() => void) | undefined;
}

/**
 * Ends a stream's patience: one timer for each thing that a client owes. Timers keep no process alive. A timer stays when
 * its debt is settled, to be set anew for the next one: with each response two debts begin and end.
 */
export class StreamClock<Name extends string> {
  readonly #debts = new Map<Name, Debt>();

  /** Calls the function unless the debt is settled within the time; a debt that runs already goes on as it is. */
  owe(name: Name, ms: number, expired: () => void): void {
    const debt = this.#debts.get(name);
    if (debt?.expired !== undefined) return;
    if (debt?.ms === ms) {
      debt.expired = expired;
      debt.timer.refresh();
      return;
    }
    clearTimeout(debt?.timer);
    this.#debts.set(name, begin(ms, expired));
  }

  settle(name: Name): void {
    const debt = this.#debts.get(name);
    if (debt !== undefined) debt.expired = undefined;
  }

  settleAll(): void {
    for (const { timer } of this.#debts.values()) clearTimeout(timer);
    this.#debts.clear();
  }
}

function begin(ms: number, expired: () => void): Debt {
  const timer = setTimeout(() => {
    const call = debt.expired;
    debt.expired = undefined;
    call?.();
  }, ms);
  const debt: Debt = { ms, timer: timer.unref(), expired };
  return debt;
}
