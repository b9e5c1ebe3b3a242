import assert from "node:assert/strict";
import { Connection, connect, serveConnections } from "./connection.ts";
import { type Seen, type Speak, seenAs } from "./protocol.ts";

// OP_MSG with one document of one string.
// Source: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/

const opMsg = 2013;
const stringElement = Buffer.from("\x02hello\0");

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function message(text: string): Buffer {
  const value = Buffer.from(`${text}\0`);
  const elements = Buffer.concat([stringElement, int32(value.length), value, Buffer.from([0])]);
  const body = Buffer.concat([int32(0), Buffer.from([0]), int32(elements.length + 4), elements]);
  return Buffer.concat([int32(16 + body.length), int32(1), int32(0), int32(opMsg), body]);
}

async function readMessage(connection: Connection): Promise<string> {
  const header = await connection.bytes(16);
  assert.equal(header.readInt32LE(12), opMsg);
  const body = await connection.bytes(header.readInt32LE(0) - 16);
  const value = body.subarray(4 + 1 + 4 + stringElement.length);
  return value.subarray(4, 4 + value.readInt32LE(0) - 1).toString();
}

export const serveMongo = serveConnections(async (socket) => {
  const connection = new Connection(socket);
  await readMessage(connection);
  connection.write(message(JSON.stringify(seenAs("mongodb", socket))));
});

export const speakMongo: Speak = async (target) => {
  using connection = await connect(target);
  connection.write(message("who?"));
  return JSON.parse(await readMessage(connection)) as Seen;
};
