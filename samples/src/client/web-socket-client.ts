import { on } from "node:events";
import { WebSocket } from "ws";
import type { Client, ClientOptions } from "./client.ts";

/** Opens a WebSocket per request, takes the server's report, has one message echoed, and closes. */
export function webSocketClient({ url, headers }: ClientOptions): Client {
  return {
    send: async (signal) => {
      const socket = new WebSocket(url, { headers });
      // the iterator below rejects; this one is for what comes after it
      socket.on("error", () => undefined);
      try {
        const messages = on(socket, "message", { signal }) as AsyncIterableIterator<[Buffer]>;
        const report = await nextMessage(messages);
        socket.send("hello");
        const echoed = await nextMessage(messages);
        const replica = echoed.slice(0, echoed.lastIndexOf(" "));
        return { status: "OK", isSuccess: echoed === `${replica} hello`, replica, body: report };
      } finally {
        socket.terminate();
      }
    },
    close: () => undefined,
  };
}

async function nextMessage(messages: AsyncIterator<[Buffer]>): Promise<string> {
  const { value, done } = await messages.next();
  if (done === true) throw new Error("connection closed");
  return value[0].toString("utf8");
}
