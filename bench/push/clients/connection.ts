import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import { FrameReader } from "./grpc-frames.ts";
import type { ProxySpec, Target } from "./messages.ts";

/** What a connection tells of its stream. */
export interface StreamEvents {
  /** @param atMs when it was whole, by the clock of the connection */
  readonly message: (message: Buffer, atMs: number) => void;
  /** Called once: the stream is over, for this reason. */
  readonly ended: (reason: string) => void;
}

export interface OpenStream {
  /** Sends a message that is in its frame. */
  send(framed: Buffer): void;
}

const method = AggregatedDiscoveryService.method.deltaAggregatedResources;
const path = `/${AggregatedDiscoveryService.typeName}/${method.name}`;

/** A large first response must not wait for the client to say that it may go on; as Envoy does. */
const windowBytes = 16 * 1024 * 1024;

/** A proxy's connection: HTTP/2 over TLS with the proxy's certificate, opened when a stream needs it and kept after that. */
export class Connection {
  readonly #target: Target;
  readonly #spec: ProxySpec;
  readonly #now: () => number;
  #session: ClientHttp2Session | undefined;

  constructor(target: Target, spec: ProxySpec, now: () => number) {
    this.#now = now;
    this.#target = target;
    this.#spec = spec;
  }

  /** Opens the stream of delta ADS. */
  open(events: StreamEvents): OpenStream {
    const session = this.#connected();
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const reader = new FrameReader();
    stream.on("data", (chunk: Buffer) => {
      const atMs = this.#now();
      for (const message of reader.push(chunk)) events.message(message, atMs);
    });
    followEnd(stream, events.ended);
    return { send: (message) => void stream.write(message) };
  }

  #connected(): ClientHttp2Session {
    if (this.#session !== undefined && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const { port, serverName, roots } = this.#target;
    const session = connect(`https://127.0.0.1:${port}`, {
      servername: serverName,
      ca: roots,
      cert: this.#spec.certificate,
      key: this.#spec.privateKey,
      settings: { initialWindowSize: windowBytes, enablePush: false },
    });
    session.on("connect", () => session.setLocalWindowSize(windowBytes));
    // The stream tells of it too.
    session.on("error", () => undefined);
    this.#session = session;
    return session;
  }
}

/** The status stands in the trailers, or among the headers where there is no body. */
function followEnd(stream: ClientHttp2Stream, ended: (reason: string) => void): void {
  let reason = "the connection was closed";
  const status = (headers: NodeJS.Dict<string | string[] | number>): void => {
    const code = headers["grpc-status"];
    if (code !== undefined) reason = `status ${String(code)}: ${String(headers["grpc-message"] ?? "")}`;
  };
  stream.on("response", status);
  stream.on("trailers", status);
  stream.on("error", (error: Error) => {
    reason = error.message;
  });
  stream.on("close", () => ended(reason));
}
