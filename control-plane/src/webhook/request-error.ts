/** Why a request was not answered with a review, and its HTTP status. */
const statuses = {
  NotFound: 404,
  MethodNotAllowed: 405,
  UnsupportedMediaType: 415,
  BodyTooLarge: 413,
  BadRequest: 400,
} as const;

export type RequestErrorReason = keyof typeof statuses;

/** A request that is the caller's mistake; the message is for the caller. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly reason: RequestErrorReason;

  constructor(reason: RequestErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  get status(): number {
    return statuses[this.reason];
  }
}
