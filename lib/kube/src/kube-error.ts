/** Whether the same call may succeed later without anyone changing its input. */
const retryableReasons = {
  /** 400: the request itself is wrong. */
  BadRequest: false,
  /** 401: credentials are missing, expired or wrong; in a cluster the token is read again, so a retry may pass. */
  Unauthorized: true,
  /** 403: RBAC or an admission plugin says no. */
  Forbidden: false,
  /** 404: the object, its namespace or its type does not exist. */
  NotFound: false,
  /** 409 AlreadyExists. */
  AlreadyExists: false,
  /** 409: the object changed since it was read, or another field manager owns the field. */
  Conflict: true,
  /** 410, or a watch's ERROR event: the version is compacted, list again. */
  Gone: true,
  /** 422, or refused by the schema. */
  Invalid: false,
  /** 429: priority and fairness, or an eviction that a budget refuses. */
  TooManyRequests: true,
  /** 500. */
  InternalError: true,
  /** 504, or no answer in time. */
  Timeout: true,
  /** 502, 503, and any failure to connect or to read the answer. */
  Unavailable: true,
  /** The caller's signal. */
  Aborted: false,
  /** An answer that is not what the protocol says: not JSON, or an unforeseen status. */
  Unexpected: true,
} as const;

export type KubeErrorReason = keyof typeof retryableReasons;

export interface KubeErrorOptions extends ErrorOptions {
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** The server's wish: do not come back earlier. */
  readonly retryAfterMs?: number;
}

/** A call to the API server that failed. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly reason: KubeErrorReason;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  /** @param message `cannot <verb> <Kind> "<namespace>/<name>": <what the server said>` */
  constructor(reason: KubeErrorReason, message: string, options: KubeErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }

  get retryable(): boolean {
    return retryableReasons[this.reason];
  }

  /** Keeps a KubeError as it is; anything else becomes `Unexpected` and its cause. */
  static from(value: unknown, message: string): KubeError {
    if (value instanceof KubeError) return value;
    const detail = value instanceof Error ? value.message : String(value);
    return new KubeError("Unexpected", `${message}: ${detail}`, { cause: value });
  }
}

/** Tells whether a value is a KubeError with one of the reasons. */
export function isKubeError(value: unknown, ...reasons: readonly KubeErrorReason[]): value is KubeError {
  return value instanceof KubeError && (reasons.length === 0 || reasons.includes(value.reason));
}
