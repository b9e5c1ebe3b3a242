import type { BucketOptions } from "./token-bucket.ts";

/** What one discovery stream may use, and how long it may be silent. */
export interface StreamLimits {
  /** Streams of one node at a time: an old one that nobody closed, and the new one. The oldest gives way. */
  readonly streamsPerNode: number;
  /** Discovery streams on one connection at a time. Envoy opens one. */
  readonly streamsPerConnection: number;
  /** Length of a node's id, in characters: the longest pod and namespace names fit twice. */
  readonly nodeIdLength: number;
  /** Types of resources that one stream may ask for. Envoy knows 15. */
  readonly types: number;
  /** Names that one stream may ask for of one type. */
  readonly namesPerType: number;
  /** Length of one name, in characters. */
  readonly nameLength: number;
  /** How fast a stream's requests are served. */
  readonly requests: BucketOptions;
  /** Time until the first request of a stream, in milliseconds. */
  readonly firstRequestMs: number;
  /** Time in which a client must take what is sent to it, in milliseconds. */
  readonly readingMs: number;
  /** Time in which a client must answer, in milliseconds. An Envoy that is short of CPU may take long. */
  readonly answerMs: number;
}

/** How responses are spread over time. */
export interface PushLimits {
  /** A response up to this size is sent at once, in bytes. */
  readonly smallBytes: number;
  /** A larger one is sent in parts of this size, in bytes; listeners and state-of-the-world responses whole. */
  readonly partBytes: number;
  /** How many large ones may be under way at a time, over all proxies. */
  readonly concurrent: number;
  /** How long a large one keeps others waiting at most, in milliseconds. */
  readonly slotMs: number;
}

/** What connections may use. */
export interface ConnectionLimits {
  /** Connections at a time. */
  readonly total: number;
  /** Connections of one service account at a time, which all its pods share. */
  readonly perIdentity: number;
  /** TLS handshakes of one address at a time. */
  readonly handshakesPerAddress: number;
  /** Connections without a client certificate at a time. */
  readonly newcomers: number;
  /** Those of one address: the agent of a node asks for the certificates of all its pods. */
  readonly newcomersPerAddress: number;
  /** TLS handshakes that begin in one turn of the event loop. */
  readonly handshakesPerTurn: number;
  /** Time until a client's first bytes, and from there for the TLS handshake, in milliseconds. */
  readonly handshakeMs: number;
  /** Time until the first call of a connection, and between its calls, in milliseconds. */
  readonly idleMs: number;
  /** Calls at a time on a connection with a client certificate, and on one without. */
  readonly streams: number;
  /** Size of a request on a connection with a client certificate, in bytes: the names and versions of 40,000 resources. */
  readonly requestBytes: number;
  /** Size of a request on one without, in bytes: a request for a certificate has 1 or 2 KiB. */
  readonly newcomerRequestBytes: number;
  /** What requests that have begun and not ended may take over all connections, in bytes. */
  readonly unfinishedBytes: number;
  /** Age of a connection after which it moves to another replica, in milliseconds, +-10 %. */
  readonly maxAgeMs: number;
}

/** docs/reference/xds-port.md says the same, which a test compares. */
export const defaultStreamLimits: StreamLimits = {
  streamsPerNode: 3,
  streamsPerConnection: 2,
  nodeIdLength: 1024,
  types: 32,
  namesPerType: 50_000,
  nameLength: 1024,
  requests: { perSecond: 100, burst: 1000 },
  firstRequestMs: 10_000,
  readingMs: 30_000,
  answerMs: 300_000,
};

export const defaultPushLimits: PushLimits = {
  smallBytes: 64 * 1024,
  partBytes: 1024 * 1024,
  concurrent: 8,
  slotMs: 1000,
};

export const defaultConnectionLimits: ConnectionLimits = {
  total: 10_000,
  perIdentity: 2_500,
  handshakesPerAddress: 2_000,
  newcomers: 2_000,
  newcomersPerAddress: 500,
  handshakesPerTurn: 1,
  handshakeMs: 10_000,
  idleMs: 30_000,
  streams: 4,
  requestBytes: 4 * 1024 * 1024,
  newcomerRequestBytes: 16 * 1024,
  unfinishedBytes: 64 * 1024 * 1024,
  maxAgeMs: 30 * 60_000,
};
