import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { conversationTimeoutMs, type Seen, type Serve, type Speak, seenAs } from "./protocol.ts";

/** Answers each datagram by one that tells where it came from. */
export const serveUdp: Serve = async (port) => {
  const socket = createSocket("udp6");
  socket.on("message", (_, { address, port: remotePort }) => {
    const seen = JSON.stringify(seenAs("UDP", { remoteAddress: address, remotePort }));
    socket.send(seen, remotePort, address);
  });
  socket.bind(port);
  await once(socket, "listening");
};

/** Sends one datagram; nothing is lost inside of one machine. */
export const speakUdp: Speak = async ({ host, port }) => {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  try {
    socket.send("who?", port, host);
    const answer = once(socket, "message", { signal: AbortSignal.timeout(conversationTimeoutMs) });
    const [message] = (await answer) as [Buffer];
    return JSON.parse(message.toString()) as Seen;
  } finally {
    socket.close();
  }
};
