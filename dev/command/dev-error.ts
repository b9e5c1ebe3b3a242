/** Why a development command failed; `Prerequisite` is for the user to mend, the others are for us. */
export type DevErrorReason = "CommandFailed" | "ComponentFailed" | "Prerequisite" | "TimedOut" | "Usage";

/** The one error of the development commands; `main.ts` prints its message without a stack. */
export class DevError extends Error {
  override readonly name = "DevError";
  readonly reason: DevErrorReason;

  /** @param message what failed, on what, with which value, and what to do: `cannot start kubelet: ...` */
  constructor(reason: DevErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
