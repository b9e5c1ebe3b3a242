/** Why the debug port itself failed; everything that the API server refuses is a KubeError. */
export type DebugErrorReason = "TooManyReviews";

export class DebugError extends Error {
  override readonly name = "DebugError";
  readonly reason: DebugErrorReason;

  /** @param message `cannot <verb>: <detail>` */
  constructor(reason: DebugErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
