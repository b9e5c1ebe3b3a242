import { type ConnectionInjector, Server, ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { GrpcService } from "./ads-service.ts";
import { callWatch } from "./call-watch.ts";
import type { Connection } from "./connection.ts";
import { Connections } from "./connections.ts";
import type { ConnectionLimits } from "./limits.ts";
import type { ServingCredentials } from "./serving-credentials.ts";
import { type ListenAddress, listenTls } from "./tls-listener.ts";

const shutDownGraceMs = 500;
/** How often what is unfinished is measured. */
const measureMs = 250;

/** What both kinds of connections have in common. */
const options: ServerOptions = {
  "grpc.max_connection_age_grace_ms": 10_000,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.max_send_message_length": -1,
  // It would keep a record of each connection that nobody asks for.
  "grpc.enable_channelz": 0,
};

/** In megabytes: what HTTP/2 may hold for one connection besides the response that is under way. */
const sessionMemory = { member: 64, newcomer: 1 } as const;

export interface RpcServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Serves gRPC services on an address `host:port` (port 0: a free one) or `unix:<path>`; disposing stops it within half a second.
 *
 * A client without a certificate that the mesh's root signed gets the same services within much narrower limits.
 *
 * Errors: rejects when the address cannot be bound.
 */
export async function serveRpc(
  address: string,
  credentials: ServingCredentials,
  services: readonly GrpcService[],
  connections: Connections = new Connections(),
): Promise<RpcServer> {
  const { limits } = connections;
  const members = rpcOf(services, connections, memberOptions(limits));
  const newcomers = rpcOf(services, connections, newcomerOptions(limits));
  const listener = await listenTls({
    address: readAddress(address),
    credentials,
    connections,
    onSecured: (connection, tls) => {
      if (!connections.secured(connection, tls)) return;
      cutWhenSilent(connection, connections);
      (connection.stage === "member" ? members : newcomers).injector.injectConnection(tls);
    },
  });
  const measuring = setInterval(() => connections.cutUnfinished(), measureMs).unref();
  const dispose = async (): Promise<void> => {
    clearInterval(measuring);
    listener.close();
    await shutDown([members.server, newcomers.server], connections);
  };
  return { port: listener.port, [Symbol.asyncDispose]: dispose };
}

interface Rpc {
  readonly server: Server;
  readonly injector: ConnectionInjector;
}

function rpcOf(services: readonly GrpcService[], connections: Connections, own: ServerOptions): Rpc {
  const server = new Server({ ...options, ...own, interceptors: [callWatch(connections)] });
  for (const { definition, handlers } of services) server.addService(definition, handlers);
  // TLS is up already.
  return { server, injector: server.createConnectionInjector(ServerCredentials.createInsecure()) };
}

function memberOptions({ maxAgeMs, idleMs, streams, requestBytes }: ConnectionLimits): ServerOptions {
  return {
    // Connections move to other replicas now and then, so that load evens out after an upgrade; grpc-js adds +-10 %.
    "grpc.max_connection_age_ms": maxAgeMs,
    "grpc.max_connection_idle_ms": idleMs,
    "grpc.max_concurrent_streams": streams,
    // A reconnecting Envoy sends the name and version of everything that it has in one request.
    "grpc.max_receive_message_length": requestBytes,
    "grpc-node.max_session_memory": sessionMemory.member,
  };
}

function newcomerOptions({ maxAgeMs, idleMs, streams, newcomerRequestBytes }: ConnectionLimits): ServerOptions {
  return {
    "grpc.max_connection_age_ms": maxAgeMs,
    "grpc.max_connection_idle_ms": idleMs,
    "grpc.max_concurrent_streams": streams,
    "grpc.max_receive_message_length": newcomerRequestBytes,
    "grpc-node.max_session_memory": sessionMemory.newcomer,
  };
}

function cutWhenSilent(connection: Connection, connections: Connections): void {
  const timer = setTimeout(() => {
    if (connection.isSilent) connections.cut(connection.peer, "SilentConnection");
  }, connections.limits.idleMs).unref();
  connection.onceClosed(() => clearTimeout(timer));
}

/** `unix:<path>`, or `host:port` where the host of IPv6 stands in brackets. */
function readAddress(address: string): ListenAddress {
  if (address.startsWith("unix:")) return { kind: "unix", path: address.slice("unix:".length) };
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return { kind: "tcp", host, port: Number(address.slice(colon + 1)) };
}

/** Certificate calls get a moment to finish; discovery streams never end by themselves and go on at another replica. */
async function shutDown(servers: readonly Server[], connections: Connections): Promise<void> {
  const force = setTimeout(() => connections.closeAll(), shutDownGraceMs);
  const emptied = connections.emptied();
  for (const server of servers) server.tryShutdown(() => undefined);
  await emptied;
  clearTimeout(force);
}
