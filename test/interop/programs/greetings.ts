import assert from "node:assert/strict";
import { Connection, connect, serveConnections } from "./connection.ts";
import { type Seen, type Speak, seenAs } from "./protocol.ts";

// Protocols in which the server speaks first and the client waits for it.

/** Greets as RFC 5321 wants it, and knows HELO. */
export const serveSmtp = serveConnections(async (socket) => {
  const connection = new Connection(socket);
  connection.write(`220 mail.example ESMTP ${JSON.stringify(seenAs("smtp", socket))}\r\n`);
  await connection.line();
  connection.write("250 mail.example\r\n");
});

export const speakSmtp: Speak = async (target) => {
  using connection = await connect(target);
  const greeting = await connection.line();
  connection.write("HELO client.example\r\n");
  assert.equal(await connection.line(), "250 mail.example");
  return JSON.parse(greeting.slice("220 mail.example ESMTP ".length)) as Seen;
};

/** Begins with INFO, then answers a ping. Source: https://docs.nats.io/reference/reference-protocols/nats-protocol */
export const serveNats = serveConnections(async (socket) => {
  const connection = new Connection(socket);
  connection.write(`INFO ${JSON.stringify(seenAs("nats", socket))}\r\n`);
  for (const expected of ["CONNECT {}", "PING"]) assert.equal(await connection.line(), expected);
  connection.write("PONG\r\n");
});

export const speakNats: Speak = async (target) => {
  using connection = await connect(target);
  const info = await connection.line();
  connection.write("CONNECT {}\r\nPING\r\n");
  assert.equal(await connection.line(), "PONG");
  return JSON.parse(info.slice("INFO ".length)) as Seen;
};
