/** Why the operator itself failed; everything that the API server refuses is a KubeError. */
export type OperatorErrorReason = "UnmanagedKind";

/** A failure that no retry mends. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  readonly reason: OperatorErrorReason;

  /** @param message `cannot <verb> <Kind> "<namespace>/<name>": <detail>` */
  constructor(reason: OperatorErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
