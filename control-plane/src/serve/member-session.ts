import { constants, performServerHandshake, type ServerHttp2Session } from "node:http2";
import type { TLSSocket } from "node:tls";
import { status } from "@grpc/grpc-js";
import type { Connection } from "./connection.ts";
import type { ConnectionLimits } from "./limits.ts";
import { RpcStream } from "./rpc-stream.ts";

/** What serves the streams of a method. */
export type StreamHandler = (stream: RpcStream) => void;

const keepaliveMs = 30_000;
const keepaliveTimeoutMs = 10_000;
const maxAgeGraceMs = 10_000;

/** The HTTP/2 of one connection of a member: which calls it makes, and how long it lives. */
export class MemberSession {
  readonly #session: ServerHttp2Session;
  readonly #connection: Connection;
  readonly #limits: ConnectionLimits;
  readonly #methods: ReadonlyMap<string, StreamHandler>;
  readonly #timers = new Set<NodeJS.Timeout>();
  #openStreams = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(
    connection: Connection,
    tls: TLSSocket,
    methods: ReadonlyMap<string, StreamHandler>,
    limits: ConnectionLimits,
  ) {
    this.#connection = connection;
    this.#methods = methods;
    this.#limits = limits;
    this.#session = performServerHandshake(tls, {
      maxHeaderListPairs: 64,
      settings: { maxConcurrentStreams: limits.streams, maxHeaderListSize: 16 * 1024 },
    });
    this.#session.on("error", ignore); // it closes too
    this.#session.on("stream", (stream, { ":method": method, ":path": path, "content-type": type }) => {
      stream.on("error", ignore); // it closes too
      connection.called();
      this.#opened();
      stream.once("close", () => this.#closed());
      const rpc = new RpcStream(stream, connection, limits.requestBytes);
      if (method !== "POST" || type?.startsWith("application/grpc") !== true)
        stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else this.#serve(rpc, path ?? "");
    });
    this.#limitLife();
  }

  /** Tells the client to go elsewhere for its next call; ends when its calls have ended. */
  close(): void {
    if (this.#session.destroyed || this.#session.closed) return;
    this.#session.goaway(constants.NGHTTP2_NO_ERROR);
    this.#session.close();
  }

  #serve(rpc: RpcStream, path: string): void {
    const handler = this.#methods.get(path);
    if (handler !== undefined) return handler(rpc);
    rpc.listen({ message: ignore, halfClosed: ignore, broken: ignore, closed: ignore });
    rpc.end(status.UNIMPLEMENTED, "no such method for clients with a certificate");
  }

  #limitLife(): void {
    const { maxAgeMs } = this.#limits;
    this.#after(maxAgeMs * (0.9 + 0.2 * Math.random()), () => {
      this.close();
      this.#after(maxAgeGraceMs, () => this.#connection.close());
    });
    const keepalive = setInterval(() => this.#ping(), keepaliveMs).unref();
    this.#idle();
    this.#connection.onceClosed(() => {
      clearInterval(keepalive);
      clearTimeout(this.#idleTimer);
      for (const timer of this.#timers) clearTimeout(timer);
    });
  }

  #ping(): void {
    if (this.#session.destroyed) return;
    const lost = this.#after(keepaliveTimeoutMs, () => this.#connection.close());
    this.#session.ping(() => clearTimeout(lost));
  }

  #opened(): void {
    this.#openStreams++;
    clearTimeout(this.#idleTimer);
  }

  #closed(): void {
    this.#openStreams--;
    if (this.#openStreams === 0) this.#idle();
  }

  #idle(): void {
    // One that never called is cut off by whoever counts connections.
    this.#idleTimer = setTimeout(() => this.close(), this.#limits.idleMs).unref();
  }

  #after(ms: number, act: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms).unref();
    this.#timers.add(timer);
    return timer;
  }
}

const ignore = (): void => undefined;
