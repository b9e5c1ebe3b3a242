import type { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import { close, type Listen, listen } from "../listen.ts";
import type { Replica } from "../replica.ts";
import { startGrpcEcho } from "./grpc-echo.ts";
import { type EchoRequest, type EchoResponse, echoHttp } from "./http-echo.ts";
import { TcpEcho } from "./tcp-echo.ts";
import { echoWebSockets } from "./web-socket-echo.ts";

/** The echo server's ports; 0: any free one. */
export interface EchoPorts {
  /** HTTP/1.1 and WebSocket. */
  readonly http: number;
  /** HTTP/2 with prior knowledge. */
  readonly h2c: number;
  readonly grpc: number;
  readonly tcp: number;
}

export const defaultEchoPorts: EchoPorts = { http: 8080, h2c: 8081, grpc: 8082, tcp: 9000 };

export interface EchoServer {
  readonly ports: EchoPorts;
  /** Ends all servers, after the requests that they have taken. */
  close(): Promise<void>;
}

/** Starts the echo server on all its ports. Errors: rejects when one is taken. */
export async function startEcho(host: string, ports: EchoPorts, replica: Replica): Promise<EchoServer> {
  const on = (port: number): Listen => ({ host, port });
  const handle = (request: EchoRequest, response: EchoResponse): void => {
    // a request that breaks off in the middle has nobody to be told
    echoHttp(request, response, replica).catch(() => response.end(""));
  };
  const http = createServer(handle);
  const h2c = createHttp2Server(handle);
  const tcp = new TcpEcho(replica);
  const sessions = openOnes<ServerHttp2Session>((add) => h2c.on("session", add));
  const sockets = echoWebSockets(http, replica);
  const grpc = await startGrpcEcho(on(ports.grpc), replica);
  return {
    ports: {
      http: await listen(http, on(ports.http)),
      h2c: await listen(h2c, on(ports.h2c)),
      tcp: await listen(tcp.server, on(ports.tcp)),
      grpc: grpc.port,
    },
    close: async () => {
      for (const socket of sockets.clients) socket.close(1001);
      for (const session of sessions) session.close();
      tcp.endConnections();
      grpc.server.tryShutdown(() => undefined);
      await Promise.all([close(http), close(h2c), close(tcp.server)]);
    },
  };
}

/** Follows the connections of a server that cannot end them by itself. */
function openOnes<Connection extends EventEmitter>(
  onOpen: (add: (connection: Connection) => void) => void,
): ReadonlySet<Connection> {
  const open = new Set<Connection>();
  onOpen((connection) => {
    open.add(connection);
    connection.once("close", () => open.delete(connection));
  });
  return open;
}
