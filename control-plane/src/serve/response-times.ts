import type { TypeUrl } from "@meshwright/xds-api/type-urls";

/** When one client's responses were due and sent: for metrics, and to tell how long it has not answered. */
export class ResponseTimes {
  /** Undefined once it was answered: a key that comes and goes would have the map made anew every few times. */
  readonly #sentMs = new Map<TypeUrl, { readonly atMs: number; readonly changedMs: number } | undefined>();
  #changedMs: number | undefined;

  /** @param nowMs monotonic, in milliseconds, as everywhere here */
  changed(nowMs: number): void {
    this.#changedMs ??= nowMs;
  }

  /** Notes a response; returns when what it tells has changed. */
  sent(type: TypeUrl, nowMs: number): number {
    const changedMs = this.#changedMs ?? nowMs;
    this.#sentMs.set(type, { atMs: nowMs, changedMs });
    return changedMs;
  }

  /** Notes an answer to the last response of a type; returns when what that told has changed. */
  answered(type: TypeUrl, nowMs: number): number {
    const changedMs = this.#sentMs.get(type)?.changedMs ?? nowMs;
    this.#sentMs.set(type, undefined);
    return changedMs;
  }

  /** Notes that everything is acknowledged; returns when it has changed, or undefined when nothing had. */
  converged(): number | undefined {
    const changedMs = this.#changedMs;
    this.#changedMs = undefined;
    return changedMs;
  }

  /** When the response was sent that is not answered yet. */
  unansweredSinceMs(type: TypeUrl): number | undefined {
    return this.#sentMs.get(type)?.atMs;
  }

  get isAnswerDue(): boolean {
    for (const sent of this.#sentMs.values()) if (sent !== undefined) return true;
    return false;
  }
}
