import type { IncomingMessage, Server } from "node:http";
import { WebSocketServer } from "ws";
import { peerOf } from "../peer.ts";
import type { Replica } from "../replica.ts";
import { seen } from "./seen.ts";

const path = "/ws";
const maxMessageBytes = 1024 * 1024;

/** Serves `/ws` on an HTTP server: first what was seen of the upgrade, then each message back after the replica's name. */
export function echoWebSockets(server: Server, replica: Replica): WebSocketServer {
  const sockets = new WebSocketServer({ server, path, maxPayload: maxMessageBytes });
  sockets.on("connection", (socket, request: IncomingMessage) => {
    // a client that breaks the protocol loses its connection, and nobody else does
    socket.on("error", () => socket.terminate());
    socket.on("message", (data: Buffer) => socket.send(`${replica.name} ${data.toString("utf8")}`));
    const peer = peerOf([request.headers["x-forwarded-client-cert"] ?? []].flat().join(","));
    socket.send(JSON.stringify({ ...seen(request, replica, peer, 0), protocol: "WebSocket" }));
  });
  return sockets;
}
