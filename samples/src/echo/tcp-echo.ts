import { createServer, type Server, type Socket } from "node:net";
import { lines } from "../lines.ts";
import type { Replica } from "../replica.ts";

/** How long a connection of a server that ends may stay silent. */
const quietMs = 6000;

/** A TCP server that sends each line back after the replica's name. It never speaks first. */
export class TcpEcho {
  readonly server: Server = createServer((socket) => void this.#echoLines(socket));
  readonly #replica: Replica;
  readonly #open = new Set<Socket>();
  #isEnding = false;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** Ends each connection where nothing is on its way: with its next answer, or after six seconds without a line. */
  endConnections(): void {
    this.#isEnding = true;
    for (const socket of this.#open) endWhenQuiet(socket);
  }

  async #echoLines(socket: Socket): Promise<void> {
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    if (this.#isEnding) endWhenQuiet(socket);
    try {
      for await (const line of lines(socket)) this.#answer(socket, line);
      socket.end();
    } catch {
      // the client went away or sent no lines: its connection ends, the server goes on
      socket.destroy();
    }
  }

  #answer(socket: Socket, line: string): void {
    // ended already: nobody waits for an answer to a line that came too late
    if (!socket.writable) return;
    socket.write(`${this.#replica.name} ${line}\n`);
    if (this.#isEnding) socket.end();
  }
}

function endWhenQuiet(socket: Socket): void {
  socket.setTimeout(quietMs, () => socket.end());
}
