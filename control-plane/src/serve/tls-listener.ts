import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from "node:tls";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { ServingCredentials } from "./serving-credentials.ts";

/** Listens for connections and brings TLS up on them. */
export interface TlsListener {
  readonly port: number;
  /** Accepts no more; what is open stays. */
  close(): void;
}

export type ListenAddress =
  /** Port 0: a free one. */
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

export interface TlsListenerOptions {
  readonly address: ListenAddress;
  readonly credentials: ServingCredentials;
  readonly connections: Connections;
  /** Takes a connection on which TLS is up. */
  readonly onSecured: (connection: Connection, tls: TLSSocket) => void;
}

/**
 * Accepts connections within their limits. A handshake costs a millisecond of CPU: when a thousand proxies come at once,
 * few begin in each turn of the event loop, so that those which are served already do not wait for all of them.
 *
 * Errors: rejects when the address cannot be bound.
 */
export async function listenTls(options: TlsListenerOptions): Promise<TlsListener> {
  const { connections, credentials, onSecured, address } = options;
  const tls = tlsServer(options);
  const stopUpdates = credentials.onUpdate((context) => tls.setSecureContext(context));
  const waiting = new HandshakeQueue(connections.limits.handshakesPerTurn, (socket) => tls.emit("connection", socket));
  tls.on("secureConnection", (socket) => {
    socket.on("error", () => undefined); // it closes too
    const connection = address.kind === "unix" ? connections.accept(socket) : connections.of(peerOf(socket));
    if (connection !== undefined) onSecured(connection, socket);
  });
  tls.on("tlsClientError", (error, socket) => {
    // A load balancer that looks whether somebody listens goes away again, and did nothing wrong.
    if (hasLeft(error)) connections.disconnect(peerOf(socket));
    else connections.cut(peerOf(socket), "HandshakeFailed");
  });
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on("error", () => undefined); // a client that goes away is no error of ours
    if (address.kind === "tcp" && connections.accept(socket) === undefined) return;
    onceSpoken(socket, connections, () => waiting.add(socket));
  });
  await listening(server, address);
  const close = (): void => {
    stopUpdates();
    server.close();
  };
  return { port: portOf(server), close };
}

function tlsServer({ credentials, connections }: TlsListenerOptions): TlsServer {
  return createTlsServer({
    ...credentials.options,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ["h2"],
    handshakeTimeout: connections.limits.handshakeMs,
  });
}

/**
 * Begins once the client has said something, in a handshake its ClientHello; one that says nothing in time is cut.
 *
 * TLS keeps a buffer for each connection that is as large as what it is first given to read: these bytes, or the 64 KiB
 * that it would read by itself, which the first request of an Envoy fills.
 */
function onceSpoken(socket: Socket, connections: Connections, begin: () => void): void {
  const silent = setTimeout(() => {
    connections.cut(peerOf(socket), "HandshakeFailed");
    socket.destroy();
  }, connections.limits.handshakeMs).unref();
  socket.once("close", () => clearTimeout(silent));
  socket.once("readable", () => {
    clearTimeout(silent);
    if (socket.readableLength > 0) begin();
    else socket.destroy(); // it has left
  });
  socket.read(0);
}

/** Begins handshakes in the order of the connections, so many in each turn. */
class HandshakeQueue {
  readonly #perTurn: number;
  readonly #begin: (socket: Socket) => void;
  readonly #waiting = new Set<Socket>();
  #isScheduled = false;

  constructor(perTurn: number, begin: (socket: Socket) => void) {
    this.#perTurn = perTurn;
    this.#begin = begin;
  }

  add(socket: Socket): void {
    this.#waiting.add(socket);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    for (const socket of this.#waiting.values().take(this.#perTurn)) {
      this.#waiting.delete(socket);
      if (!socket.destroyed) this.#begin(socket);
    }
    this.#schedule();
  }
}

async function listening(server: Server, address: ListenAddress): Promise<void> {
  if (address.kind === "unix") server.listen(address.path);
  else server.listen(address.port, address.host);
  await once(server, "listening");
}

/** 0 where there is none, as for a Unix socket. */
function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}

function hasLeft(error: Error): boolean {
  return "code" in error && error.code === "ECONNRESET";
}
