/** What one application of the storefront saw and answered, with all that it asked in turn. */
export interface Hop {
  readonly app: string;
  readonly version: string;
  readonly replica: string;
  /** SPIFFE ID of the caller as this hop's sidecar saw it; empty for plaintext. */
  readonly seenPeer: string;
  readonly protocol: string;
  readonly content: unknown;
  /** The next application's answer, where this one asks another. */
  readonly next?: Hop | Unreachable;
}

/** Stands where the next application's answer should: the page says so, and goes on without it. */
export interface Unreachable {
  readonly error: string;
}
