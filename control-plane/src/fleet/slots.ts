import type { Admitted } from "./authenticate.ts";

/** Answers at once to those who see everything: the operator, Kiali, people. */
const maxPrivileged = 16;

/** Answers at once to all workloads together, and to one of them: however many ask, the others above get theirs. */
const maxWorkloads = 16;
const maxPerWorkload = 2;

/** Counts the answers that are being given. */
export class Slots {
  #privileged = 0;
  #workloads = 0;
  readonly #byWorkload = new Map<string, number>();

  /** Takes a place and returns how to give it back; undefined when there is none. */
  take({ caller, access }: Admitted): (() => void) | undefined {
    return access.kind === "everything" ? this.#takePrivileged() : this.#takeWorkload(caller.username);
  }

  #takePrivileged(): (() => void) | undefined {
    if (this.#privileged >= maxPrivileged) return undefined;
    this.#privileged += 1;
    return once(() => {
      this.#privileged -= 1;
    });
  }

  #takeWorkload(username: string): (() => void) | undefined {
    const own = this.#byWorkload.get(username) ?? 0;
    if (this.#workloads >= maxWorkloads || own >= maxPerWorkload) return undefined;
    this.#workloads += 1;
    this.#byWorkload.set(username, own + 1);
    return once(() => {
      this.#workloads -= 1;
      this.#giveBack(username);
    });
  }

  #giveBack(username: string): void {
    const left = (this.#byWorkload.get(username) ?? 1) - 1;
    if (left === 0) this.#byWorkload.delete(username);
    else this.#byWorkload.set(username, left);
  }
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}
