import { once } from "node:events";
import type { Server } from "node:net";

/** Where servers listen: every address, in a pod. */
export interface Listen {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Starts listening and says on which port. Errors: rejects when the port is taken. */
export async function listen(server: Server, { host, port }: Listen): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Ends a server: no new connections at once, the open ones when their requests are answered. */
export async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await closed;
}
