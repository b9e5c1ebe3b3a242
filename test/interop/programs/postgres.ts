import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTls, TLSSocket } from "node:tls";
import { Connection, dial, serveConnections } from "./connection.ts";
import { converse, echo } from "./echo.ts";
import { type Speak, seenAs } from "./protocol.ts";
import { applicationHost, applicationRoots, secureContext } from "./tls.ts";

// A plaintext question, and TLS on the same connection after the answer: it begins as neither TLS nor HTTP.

/** SSLRequest: its length and a code. Source: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Says yes to TLS, then echoes. */
export const servePostgres = serveConnections(async (socket) => {
  const [asked] = (await once(socket, "data")) as [Buffer];
  assert.deepEqual(asked, sslRequest);
  const secured = new TLSSocket(socket, { isServer: true, secureContext });
  socket.write("S");
  await echo(secured, seenAs("postgres", socket));
});

export const speakPostgres: Speak = async (target) => {
  const socket = await dial(target);
  socket.write(sslRequest);
  const closed = once(socket, "end").then(() => [Buffer.from("nothing")]);
  const [answer] = (await Promise.race([once(socket, "data"), closed])) as [Buffer];
  assert.equal(answer.toString(), "S");
  using connection = new Connection(connectTls({ socket, ca: applicationRoots, servername: applicationHost }));
  return await converse(connection);
};
