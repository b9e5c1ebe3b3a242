import { once } from "node:events";
import { createServer } from "node:net";

/** Finds a TCP port that nothing listens on at 127.0.0.1; another process may take it before the caller does. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("cannot find a free port: no TCP address");
  return address.port;
}
