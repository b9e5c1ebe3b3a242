import { once } from "node:events";
import { connect as connectTcp, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { conversationTimeoutMs, type Serve, type Target } from "./protocol.ts";

/** One side of a connection, read piece by piece. Disposing ends it at once. */
export class Connection implements Disposable {
  readonly #stream: Duplex;
  #held: Buffer = Buffer.alloc(0);
  #end: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    const end = (error: Error): void => {
      this.#end ??= error;
      this.#wake();
    };
    stream.on("data", (chunk: Buffer) => {
      this.#held = Buffer.concat([this.#held, chunk]);
      this.#wake();
    });
    stream.on("error", end);
    for (const event of ["end", "close"])
      stream.on(event, () => end(new Error("the other side closed the connection")));
  }

  write(bytes: Buffer | string): void {
    this.#stream.write(bytes);
  }

  /** Says the last, and that it is the last; the other side may still answer. */
  end(bytes: Buffer | string = ""): void {
    this.#stream.end(bytes);
  }

  /** Errors: rejects when the connection ends before there are so many bytes. */
  async bytes(count: number): Promise<Buffer> {
    while (this.#held.length < count) await this.#more();
    return this.#take(count);
  }

  /** A line without its end, `\n` or `\r\n`. Errors: rejects when the connection ends before. */
  async line(): Promise<string> {
    while (!this.#held.includes("\n")) await this.#more();
    return this.#take(this.#held.indexOf("\n") + 1)
      .toString()
      .trimEnd();
  }

  /** Everything up to the end. */
  async rest(): Promise<Buffer> {
    while (this.#end === undefined) await this.#more().catch(() => undefined);
    return this.#take(this.#held.length);
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }

  async #more(): Promise<void> {
    if (this.#end !== undefined) throw this.#end;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
  }

  #take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }
}

/** Serves each TCP connection by a conversation; one that fails ends its connection and no other. */
export function serveConnections(converse: (socket: Socket) => Promise<void>): Serve {
  const handle = (socket: Socket): void => {
    socket.on("error", () => undefined);
    converse(socket).then(
      () => socket.end(),
      () => socket.destroy(),
    );
  };
  // Half-open: a client that has said all may still wait for the answer.
  return (port) => listening(createServer({ allowHalfOpen: true, noDelay: true }, handle), port);
}

/** Resolves when a server listens on a port of every address. */
export async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, "::");
  await once(server, "listening");
}

/** Opens a TCP connection; it is destroyed when the conversation takes too long. */
export async function dial({ host, port }: Target): Promise<Socket> {
  const signal = AbortSignal.timeout(conversationTimeoutMs);
  const socket = connectTcp({ host, port, allowHalfOpen: true, noDelay: true, signal });
  await once(socket, "connect");
  return socket;
}

/** Opens a TCP connection for a conversation. */
export async function connect(target: Target): Promise<Connection> {
  return new Connection(await dial(target));
}
