import type { Client, ClientOptions } from "./client.ts";
import { LineConnection } from "./line-connection.ts";

/**
 * Sends lines over kept connections in turn. One that ended is replaced at the next request; one that was cut off fails that
 * request, as it would have failed one that was on its way.
 */
export function tcpClient({ url, connections, isFresh = false }: ClientOptions): Client {
  // a URL writes an IPv6 address in brackets, a socket does not
  const host = url.hostname.replaceAll(/^\[|\]$/g, "");
  const open = new Map<number, LineConnection>();
  let sent = 0;
  return {
    send: async (signal) => {
      // A slot that nobody comes back to.
      const slot = isFresh ? sent : sent % connections;
      const line = `line-${sent++}`;
      const kept = open.get(slot);
      open.delete(slot);
      if (kept?.breakage !== undefined) throw kept.breakage;
      const connection = kept?.isOpen === true ? kept : new LineConnection(host, Number(url.port));
      open.set(slot, connection);
      const answer = await connection.ask(line, signal);
      if (isFresh && open.delete(slot)) connection.end();
      const replica = answer.slice(0, answer.indexOf(" "));
      const isSuccess = answer === `${replica} ${line}`;
      return {
        status: isSuccess ? "OK" : "WRONG_LINE",
        isSuccess,
        replica,
        body: JSON.stringify({ replica, line: answer }),
      };
    },
    close: () => {
      for (const connection of open.values()) connection.close();
    },
  };
}
