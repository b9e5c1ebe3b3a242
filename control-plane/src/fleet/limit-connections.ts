import type { Server } from "node:https";
import type { Socket } from "node:net";

/** Of all clients together. */
export const maxConnections = 256;

/** Of one address, so that no pod can keep the others out. */
const maxPerAddress = 16;

/** Closes what comes beyond the limit of an address at once, before anything is spent on TLS. */
export function limitAddresses(server: Server): void {
  const byAddress = new Map<string, number>();
  server.prependListener("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const open = byAddress.get(address) ?? 0;
    if (open >= maxPerAddress) {
      socket.destroy();
      return;
    }
    byAddress.set(address, open + 1);
    socket.once("close", () => forget(byAddress, address));
  });
}

function forget(byAddress: Map<string, number>, address: string): void {
  const left = (byAddress.get(address) ?? 1) - 1;
  if (left === 0) byAddress.delete(address);
  else byAddress.set(address, left);
}
