import { status } from "@grpc/grpc-js";

/**
 * Why a client is refused, cut off or slowed down, and the gRPC status that says so where a stream is there to say it.
 * The names are label values of `meshwright_xds_refused_total`.
 */
export const refusalStatus = {
  // Who it is.
  /** No client certificate, or none that the mesh's root signed for a SPIFFE ID. */
  NoIdentity: status.UNAUTHENTICATED,
  /** The first request does not carry the node. */
  NoNode: status.INVALID_ARGUMENT,
  /** The node's id has another form, or is too long. */
  MalformedNode: status.INVALID_ARGUMENT,
  /** The node's id names a pod that the certificate is not for. */
  ForeignNode: status.PERMISSION_DENIED,
  /** The pod is not known yet, or nothing is. */
  NotReady: status.UNAVAILABLE,

  /** Serving it failed for a reason of our own. */
  Failed: status.INTERNAL,

  // Connections.
  TooManyConnections: status.RESOURCE_EXHAUSTED,
  TooManyConnectionsOfIdentity: status.RESOURCE_EXHAUSTED,
  TooManyHandshakesOfAddress: status.RESOURCE_EXHAUSTED,
  /** Connections without a client certificate, which only ask for one. */
  TooManyNewcomers: status.RESOURCE_EXHAUSTED,
  TooManyNewcomersOfAddress: status.RESOURCE_EXHAUSTED,
  /** The TLS handshake failed or took too long. */
  HandshakeFailed: status.UNAUTHENTICATED,
  /** A connection on which no call was made in time. */
  SilentConnection: status.DEADLINE_EXCEEDED,

  // Calls and messages.
  TooManyStreamsOfConnection: status.RESOURCE_EXHAUSTED,
  /** A node's newest stream takes the place of its oldest. */
  TooManyStreamsOfNode: status.ABORTED,
  /** A stream on which no first request came in time. */
  SilentStream: status.DEADLINE_EXCEEDED,
  MessageTooLarge: status.RESOURCE_EXHAUSTED,
  /** Requests of all clients that have begun and not ended take too much memory; the largest are cut off. */
  TooMuchUnfinished: status.RESOURCE_EXHAUSTED,
  MalformedMessage: status.INTERNAL,
  Compressed: status.UNIMPLEMENTED,

  // What is asked for.
  TooManyTypes: status.RESOURCE_EXHAUSTED,
  TooManyNames: status.RESOURCE_EXHAUSTED,
  NameTooLong: status.INVALID_ARGUMENT,
  /** Requests come faster than they are served: they wait, and nobody is cut off. */
  TooManyRequests: status.OK,

  // How it listens.
  /** It takes no bytes. */
  NotReading: status.DEADLINE_EXCEEDED,
  /** It takes what is sent and never says what it thinks of it. */
  NotAnswering: status.DEADLINE_EXCEEDED,
} as const;

export type RefusalReason = keyof typeof refusalStatus;

/** What is told to a client that is refused: what is wrong and what to do, nothing of what only others may know. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}
