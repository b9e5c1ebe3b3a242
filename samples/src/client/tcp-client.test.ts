import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { close, listen } from "../listen.ts";
import type { Client } from "./client.ts";
import { LineConnection } from "./line-connection.ts";
import { tcpClient } from "./tcp-client.ts";

const host = "127.0.0.1";
const forever = new AbortController().signal;

/** Serves one answer per connection, which it then ends in some way. */
async function withServer(end: (socket: Socket) => void, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => {
    socket.once("data", (line) => socket.write(`server ${line.toString()}`, () => end(socket)));
  });
  const port = await listen(server, { host, port: 0 });
  try {
    await use(port);
  } finally {
    await close(server);
  }
}

const clientOf = (port: number): Client =>
  tcpClient({ url: new URL(`tcp://${host}:${port}`), headers: {}, connections: 1 });

/** Waits for the end of a connection after its first line. */
async function breakageAfterALine(port: number): Promise<unknown> {
  const connection = new LineConnection(host, port);
  await connection.ask("line", forever);
  while (connection.isOpen) await turn();
  return connection.breakage;
}

describe("a TCP connection between two lines", () => {
  test("may end: nothing was cut off", async () => {
    await withServer(
      (socket) => socket.end(),
      async (port) => assert.equal(await breakageAfterALine(port), undefined),
    );
  });

  test("fails the next line when it was cut off", async () => {
    await withServer(
      (socket) => socket.resetAndDestroy(),
      async (port) => {
        const client = clientOf(port);
        await client.send(forever);
        await assert.rejects(client.send(forever), { code: "ECONNRESET" });
        assert.equal((await client.send(forever)).isSuccess, true);
        client.close();
      },
    );
  });

  test("tells what cut it off while nobody waited", async () => {
    await withServer(
      (socket) => socket.resetAndDestroy(),
      async (port) => assert.match(String(await breakageAfterALine(port)), /ECONNRESET/),
    );
  });
});
