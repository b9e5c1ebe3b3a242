import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { close, listen } from "../listen.ts";
import { TcpEcho } from "./tcp-echo.ts";

const host = "127.0.0.1";

test("a server that ends answers the line that comes next, and ends the connection with it", async () => {
  const echo = new TcpEcho({ name: "echo-1", version: "v1" });
  const port = await listen(echo.server, { host, port: 0 });
  const socket = connect({ host, port });
  socket.write("one\n");
  const [first] = (await once(socket, "data")) as [Buffer];
  echo.endConnections();
  socket.write("two\n");
  const rest = Buffer.concat(await socket.toArray());
  assert.deepEqual([first.toString(), rest.toString()], ["echo-1 one\n", "echo-1 two\n"]);
  await close(echo.server);
});

test("a server that ends waits for a connection that says nothing, but not for ever", { timeout: 20_000 }, async () => {
  const echo = new TcpEcho({ name: "echo-1", version: "v1" });
  const port = await listen(echo.server, { host, port: 0 });
  const accepted = once(echo.server, "connection");
  const socket = connect({ host, port });
  await accepted;
  echo.endConnections();
  assert.deepEqual(await socket.toArray(), []);
  await close(echo.server);
});
