import assert from "node:assert/strict";
import { Connection, connect, serveConnections } from "./connection.ts";
import { type Seen, type Speak, seenAs } from "./protocol.ts";

/** Answers inline commands. Source: https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands */
export const serveRedis = serveConnections(async (socket) => {
  const connection = new Connection(socket);
  const seen = JSON.stringify(seenAs("redis", socket));
  for (;;) connection.write((await connection.line()) === "PING" ? "+PONG\r\n" : `+${seen}\r\n`);
});

export const speakRedis: Speak = async (target) => {
  using connection = await connect(target);
  connection.write("PING\r\n");
  assert.equal(await connection.line(), "+PONG");
  connection.write("CLIENT INFO\r\n");
  return JSON.parse((await connection.line()).slice(1)) as Seen;
};
