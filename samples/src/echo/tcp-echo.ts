import { createServer, type Server, type Socket } from "node:net";
import { lines } from "../lines.ts";
import type { Replica } from "../replica.ts";

/** A TCP server that sends each line back after the replica's name. It never speaks first. */
export function tcpEcho(replica: Replica): Server {
  return createServer((socket) => {
    void echoLines(socket, replica);
  });
}

async function echoLines(socket: Socket, replica: Replica): Promise<void> {
  try {
    for await (const line of lines(socket)) socket.write(`${replica.name} ${line}\n`);
    socket.end();
  } catch {
    // the client went away or sent no lines: its connection ends, the server goes on
    socket.destroy();
  }
}
