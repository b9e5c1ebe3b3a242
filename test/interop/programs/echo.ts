import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { type Connection, connect, serveConnections } from "./connection.ts";
import { type Seen, type Speak, seenAs } from "./protocol.ts";

/** Says a line about the connection when the first bytes come, then returns what it is sent, also after a half-close. */
export const serveEcho = serveConnections((socket) => echo(socket, seenAs("bytes", socket)));

/** The server's side on any stream. */
export async function echo(stream: Duplex, seen: Seen): Promise<void> {
  let greeting = `${JSON.stringify(seen)}\n`;
  for await (const chunk of stream) {
    stream.write(Buffer.concat([Buffer.from(greeting), chunk]));
    greeting = "";
  }
  stream.end();
}

/** The client's side on any stream: sends 64 KB and wants them back. */
export async function converse(connection: Connection): Promise<Seen> {
  const payload = randomBytes(64 * 1024);
  connection.write(payload);
  const seen = JSON.parse(await connection.line()) as Seen;
  assert.ok((await connection.bytes(payload.length)).equals(payload), "other bytes came back");
  return seen;
}

export const speakEcho: Speak = async (target) => {
  using connection = await connect(target);
  return await converse(connection);
};

/** Closes its half of the connection in the middle of a conversation, and wants to hear the rest. */
export const speakHalfClose: Speak = async (target) => {
  using connection = await connect(target);
  const seen = await converse(connection);
  connection.end("the last words");
  assert.equal((await connection.rest()).toString(), "the last words");
  return seen;
};

/** Says all that it has to say at once, and closes its half of the connection with it. */
export const speakEarlyHalfClose: Speak = async (target) => {
  using connection = await connect(target);
  connection.end("the last words");
  const seen = JSON.parse(await connection.line()) as Seen;
  assert.equal((await connection.rest()).toString(), "the last words");
  return seen;
};

const idleMs = 3_000;

/** Is silent for three seconds in the middle of a conversation. */
export const speakAfterIdling: Speak = async (target) => {
  using connection = await connect(target);
  const seen = await converse(connection);
  await pause(idleMs);
  connection.write("still there?");
  assert.equal((await connection.bytes(12)).toString(), "still there?");
  return seen;
};
