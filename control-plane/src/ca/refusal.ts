import { status } from "@grpc/grpc-js";

/** Why no certificate was issued, and the gRPC status that says so. */
export const refusalCodes = {
  /** No bearer token came with the call. */
  TokenMissing: status.UNAUTHENTICATED,
  /** The API server does not vouch for the token: expired, forged, or its pod is gone. */
  TokenRejected: status.UNAUTHENTICATED,
  /** The token is meant for somebody else. */
  WrongAudience: status.UNAUTHENTICATED,
  /** The API server could not be asked. */
  ReviewUnavailable: status.UNAVAILABLE,
  /** The token is a person's or a node's. */
  NotServiceAccount: status.PERMISSION_DENIED,
  /** The token outlives any pod. */
  NotPodBound: status.PERMISSION_DENIED,
  /** The request is too large or not one whole PKCS #10 block. */
  MalformedCsr: status.INVALID_ARGUMENT,
  /** The asker does not hold the private key. */
  BadSignature: status.INVALID_ARGUMENT,
  WeakKey: status.INVALID_ARGUMENT,
  /** The request asks for another's name. */
  ForeignName: status.INVALID_ARGUMENT,
  CaRequested: status.INVALID_ARGUMENT,
  LifetimeTooLong: status.INVALID_ARGUMENT,
  /** Our own fault: the issuing certificate has expired, or signing failed. */
  IssuerUnusable: status.UNAVAILABLE,
} as const;

export type RefusalReason = keyof typeof refusalCodes;

/** A request that is not granted. The message goes to the asker: field, value and fix, never key material. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: RefusalReason;
  readonly message: string;
}

export function refuse(reason: RefusalReason, message: string): Refusal {
  return { kind: "refused", reason, message: `cannot issue a certificate: ${message}` };
}
