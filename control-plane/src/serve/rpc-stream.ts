import { constants, type ServerHttp2Stream } from "node:http2";
import type { status } from "@grpc/grpc-js";
import { BufferPool } from "./buffer-pool.ts";
import type { Connection } from "./connection.ts";
import { headBytes, MessageReader, writeMessageHead } from "./message-reader.ts";
import type { OutgoingMessage } from "./message-writer.ts";
import type { Refusal } from "./refusal.ts";

/** What a client takes in one frame when it says nothing else. Source: https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2 */
const frameBytes = 16 * 1024;
/** Source: https://www.rfc-editor.org/rfc/rfc9113#section-4.1 */
const frameHeadBytes = 9;

/**
 * How much is handed to HTTP/2 at a time, in bytes: two frames that with their heads fill two records of TLS, which are of
 * 16 KiB too. Node's TLS keeps, for each connection and for good, a buffer of the size of the largest that it was handed.
 */
const sliceBytes = 2 * (frameBytes - frameHeadBytes);

/** Of all streams: what one has sent another uses. */
const slices = new BufferPool(sliceBytes, 64);

const headers = {
  ":status": 200,
  "content-type": "application/grpc",
  "grpc-accept-encoding": "identity",
} as const;

/** What is told of a stream to whoever serves it. */
export interface RpcListener {
  message(bytes: Buffer): void;
  /** The client says that it sends nothing more. */
  halfClosed(): void;
  /** It sends no messages: it must be refused. */
  broken(refusal: Refusal): void;
  /** The stream is over, however it ended. Comes once and last. */
  closed(): void;
}

/** One gRPC call with messages in both directions, over a stream of HTTP/2. */
export class RpcStream {
  readonly #stream: ServerHttp2Stream;
  readonly #connection: Connection;
  readonly #reader: MessageReader;
  #isDeaf = false;

  /** @param maxBytes size of the largest request, in bytes */
  constructor(stream: ServerHttp2Stream, connection: Connection, maxBytes: number) {
    this.#stream = stream;
    this.#connection = connection;
    this.#reader = new MessageReader(maxBytes);
  }

  get connection(): Connection {
    return this.#connection;
  }

  listen(listener: RpcListener): void {
    const stream = this.#stream;
    stream.on("data", (part: Buffer) => this.#read(part, listener));
    stream.on("end", () => {
      if (!this.#isDeaf) listener.halfClosed();
    });
    stream.on("close", () => {
      this.#holds(0);
      listener.closed();
    });
  }

  /** Takes no requests for a while; the client waits. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Writes a message, and calls `taken` when the connection has taken all of it. Only to be called again after that. */
  write(message: OutgoingMessage, taken: () => void): void {
    if (this.#isGone || this.#stream.writableEnded) return;
    if (!this.#stream.headersSent) this.#stream.respond(headers, { waitForTrailers: true });
    const sizeBytes = headBytes + message.sizeBytes;
    const buffer = sizeBytes < sliceBytes ? Buffer.allocUnsafe(sizeBytes) : lentSlice();
    const end = message.writeInto(buffer, writeMessageHead(buffer, message.sizeBytes));
    this.#writeSlices(message, buffer.subarray(0, end), sizeBytes - end, taken);
  }

  /** Ends the call; what is under way is sent before, if the client takes it. */
  end(code: status, details = ""): void {
    this.#isDeaf = true;
    this.#holds(0);
    this.#stream.resume(); // what else has arrived is not answered
    if (this.#isGone || this.#stream.writableEnded) return;
    const trailers = { "grpc-status": code, "grpc-message": encodeURI(details.toWellFormed()) };
    if (!this.#stream.headersSent) {
      this.#stream.respond({ ...headers, ...trailers }, { endStream: true });
      return this.#reset();
    }
    this.#stream.once("wantTrailers", () => {
      if (this.#isGone) return;
      this.#stream.sendTrailers(trailers);
      this.#reset();
    });
    this.#stream.end();
  }

  /** Whether everything was sent, also that it ended. */
  get isFinished(): boolean {
    return this.#isGone || this.#stream.writableFinished;
  }

  onceFinished(listener: () => void): void {
    this.#stream.once("finish", listener);
  }

  /** A client may reset a stream at any moment; Node throws when it is answered after that. */
  get #isGone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  #read(part: Buffer, listener: RpcListener): void {
    if (this.#isDeaf) return;
    const read = this.#reader.push(part);
    if ("kind" in read) {
      this.#isDeaf = true;
      return listener.broken(refusalOf(read));
    }
    this.#holds(this.#reader.heldBytes);
    for (const message of read) if (!this.#isDeaf) listener.message(message);
  }

  #holds(bytes: number): void {
    this.#connection.holds(this, bytes);
  }

  /** The connection has taken a slice before the next one is written where it was. */
  #writeSlices(message: OutgoingMessage, slice: Buffer, leftBytes: number, taken: () => void): void {
    this.#stream.write(slice, (error) => {
      if (error !== null && error !== undefined) return;
      if (leftBytes === 0) {
        slices.giveBack(slice);
        return taken();
      }
      const end = message.writeInto(slice, 0);
      this.#writeSlices(message, slice.subarray(0, end), leftBytes - end, taken);
    });
  }

  /** A client that goes on sending is told not to. */
  #reset(): void {
    setImmediate(() => this.#stream.close(constants.NGHTTP2_NO_ERROR));
  }
}

/** Only what is lent can be given back: the memory of smaller messages is Node's, which shares it among many. */
function lentSlice(): Buffer {
  const slice = slices.take();
  slices.lend(slice);
  return slice;
}

function refusalOf(problem: Exclude<ReturnType<MessageReader["push"]>, readonly Buffer[]>): Refusal {
  switch (problem.kind) {
    case "tooLarge":
      return { reason: "MessageTooLarge", message: `a request of ${problem.sizeBytes} bytes is larger than the limit` };
    case "compressed":
      return { reason: "Compressed", message: "requests must not be compressed" };
  }
}
