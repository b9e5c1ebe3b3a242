import { once } from "node:events";
import type { Server } from "node:net";
import { networkInterfaces } from "node:os";

/** Where servers listen: every address, in a pod. */
export interface Listen {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Every address that the machine has: IPv4's too, where there is IPv6. */
export function anyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ family }) => family === "IPv6") ? "::" : "0.0.0.0";
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
