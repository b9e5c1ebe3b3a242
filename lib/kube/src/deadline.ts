/** Why a call was cut short. */
export type Cut = "caller" | "timeout";

/** A signal of one call's own: aborted by the caller's signal or after a time, until it is disarmed. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Undefined while neither has happened. */
  readonly cut: Cut | undefined;
  /** Stops the clock; the caller's signal still counts. */
  stopClock(): void;
  /** Lets go of clock and caller's signal. */
  disarm(): void;
}

/** Starts the clock. Unlike `AbortSignal.any`, leaves nothing behind on a signal that lives as long as the process. */
export function startDeadline(timeoutMs: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let cut: Cut | undefined;
  const end = (why: Cut): void => {
    cut ??= why;
    controller.abort();
  };
  const onCaller = (): void => end("caller");
  const timer = setTimeout(() => end("timeout"), timeoutMs);
  caller?.addEventListener("abort", onCaller, { once: true });
  if (caller?.aborted === true) onCaller();
  return {
    signal: controller.signal,
    get cut() {
      return cut;
    },
    stopClock: () => clearTimeout(timer),
    disarm: () => {
      clearTimeout(timer);
      caller?.removeEventListener("abort", onCaller);
    },
  };
}
