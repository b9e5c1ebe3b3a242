import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Connection, connect, serveConnections } from "./connection.ts";
import { type Seen, type Speak, seenAs } from "./protocol.ts";

// The server greets, the client logs in, the server agrees.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html

/** A packet: the payload's length in three bytes, a sequence number, the payload. */
function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence, 3);
  return Buffer.concat([header, payload]);
}

async function readPacket(connection: Connection): Promise<Buffer> {
  return connection.bytes((await connection.bytes(4)).readUIntLE(0, 3));
}

const protocolVersion = Buffer.from([10]);
const agreement = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

/** Lets everybody in; its version text tells what it sees. */
export const serveMysql = serveConnections(async (socket) => {
  const connection = new Connection(socket);
  const version = Buffer.from(`${JSON.stringify(seenAs("mysql", socket))}\0`);
  connection.write(packet(0, Buffer.concat([protocolVersion, version, Buffer.alloc(32)])));
  await readPacket(connection);
  connection.write(packet(2, agreement));
});

/** Less than a sidecar waits for a client's first bytes where it has to look at them. */
const patienceMs = 4000;

/** As an application's connection pool, which tries elsewhere when a server is slow to greet. */
export const speakMysqlWithoutPatience: Speak = (target) =>
  Promise.race([
    speakMysql(target),
    delay(patienceMs, undefined, { ref: false }).then(() => assert.fail(`no greeting within ${patienceMs} ms`)),
  ]);

export const speakMysql: Speak = async (target) => {
  using connection = await connect(target);
  const greeting = await readPacket(connection);
  connection.write(packet(1, Buffer.alloc(32, 1)));
  assert.deepEqual(await readPacket(connection), agreement);
  return JSON.parse(greeting.subarray(1, greeting.indexOf(0)).toString()) as Seen;
};
