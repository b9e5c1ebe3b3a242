/** `InvalidSuite`: the files are wrong; the others: what they ask for does not hold. */
export type KuttlErrorReason = "InvalidSuite" | "CommandFailed" | "TimedOut" | "AssertionFailed" | "ClusterFailed";

/** Why a suite cannot be loaded or a step failed. */
export class KuttlError extends Error {
  override readonly name = "KuttlError";
  readonly reason: KuttlErrorReason;

  /** @param message what failed, on which file or object: `cannot load kuttl-tests/x/00-a.yaml: ...` */
  constructor(reason: KuttlErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
