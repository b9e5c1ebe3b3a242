/** One answered request; a request without an answer is a rejected promise. */
export interface Reply {
  /** The protocol's own word: `200`, gRPC's `OK`; `OK` for TCP and WebSocket. */
  readonly status: string;
  readonly isSuccess: boolean;
  /** Name of the answering replica, as far as the answer says. */
  readonly replica: string;
  readonly body: string;
}

/** A way to one server, over one protocol, that keeps its connections. */
export interface Client {
  /** Sends one request. Errors: rejects when there is no answer, also when the signal aborts first. */
  send(signal: AbortSignal): Promise<Reply>;
  close(): void;
}

export interface ClientOptions {
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** How many connections it may keep. */
  readonly connections: number;
  /** Whether each request takes a connection of its own: over HTTP/1.1 and TCP. Default: connections are kept. */
  readonly isFresh?: boolean;
}

export const protocols = ["http", "h2", "grpc", "tcp", "ws"] as const;
export type Protocol = (typeof protocols)[number];
