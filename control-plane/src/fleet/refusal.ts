/** Why a request was not answered, and its HTTP status. */
export const refusalStatuses = {
  /** Neither a bearer token that the API server vouches for, nor a certificate of the mesh. */
  Unauthenticated: 401,
  /** Authenticated, but what was asked for is another namespace's. */
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  BadRequest: 400,
  UriTooLong: 414,
  /** The API server could not be asked who the caller is, or what it may see. */
  ReviewUnavailable: 503,
  /** As many answers are being given as may be at once. */
  Busy: 503,
} as const;

export type RefusalReason = keyof typeof refusalStatuses;

/** A request that is not answered. The message goes to the caller: what is wrong, and the fix. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: RefusalReason;
  readonly message: string;
  /** For our own log. */
  readonly error?: unknown;
}

export function refuse(reason: RefusalReason, message: string, error?: unknown): Refusal {
  return { kind: "refused", reason, message, ...(error === undefined ? {} : { error }) };
}
