import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy on loopback that can fail as networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Drops every byte of every open connection from now on, both ways, and closes none: a peer that is gone silently. */
  silence(): void;
  /** Resets open connections and refuses new ones. */
  cut(): void;
  /** Takes new connections again. */
  mend(): void;
  stop(): Promise<void>;
}

/** Starts a proxy to a port at 127.0.0.1. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isCut = false;
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    if (isCut) return client.resetAndDestroy();
    const pair = join(client, connect(targetPort, "127.0.0.1"));
    pairs.add(pair);
    client.once("close", () => pairs.delete(pair));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const reset = (): void => pairs.forEach((pair) => pair.forEach((socket) => socket.resetAndDestroy()));
  return {
    port: address !== null && typeof address !== "string" ? address.port : 0,
    silence: () => pairs.forEach(silence),
    cut: () => {
      isCut = true;
      reset();
    },
    mend: () => {
      isCut = false;
    },
    stop: async () => {
      reset();
      server.close();
      await once(server, "close");
    },
  };
}

function join(client: Socket, target: Socket): readonly [Socket, Socket] {
  client.pipe(target).pipe(client);
  target.on("error", () => client.destroy());
  target.once("close", () => client.destroy());
  client.once("close", () => target.destroy());
  return [client, target];
}

function silence([client, target]: readonly [Socket, Socket]): void {
  for (const socket of [client, target]) socket.unpipe().resume();
}
