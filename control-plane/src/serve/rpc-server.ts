import {
  type ConnectionInjector,
  type handleBidiStreamingCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { callWatch } from "./call-watch.ts";
import type { Connection } from "./connection.ts";
import { Connections } from "./connections.ts";
import type { ConnectionLimits } from "./limits.ts";
import { MemberSession, type StreamHandler } from "./member-session.ts";
import { type Refusal, refusalStatus } from "./refusal.ts";
import type { ServingCredentials } from "./serving-credentials.ts";
import { type ListenAddress, listenTls } from "./tls-listener.ts";

/** What is served, and to whom. */
export type RpcService =
  /** Methods with messages in both directions, by path, for clients that have proven who they are. */
  | { readonly kind: "members"; readonly methods: ReadonlyMap<string, StreamHandler> }
  /** What grpc-js's `Server.addService` takes, for clients without a certificate. */
  | {
      readonly kind: "newcomers";
      readonly definition: ServiceDefinition;
      readonly handlers: UntypedServiceImplementation;
    };

const shutDownGraceMs = 500;

export interface RpcServer extends AsyncDisposable {
  /** 0 for a Unix socket. */
  readonly port: number;
}

/**
 * Serves on an address `host:port` (port 0: a free one) or `unix:<path>`; disposing stops it within half a second.
 *
 * Errors: rejects when the address cannot be bound.
 */
export async function serveRpc(
  address: string,
  credentials: ServingCredentials,
  services: readonly RpcService[],
  connections: Connections = new Connections(),
): Promise<RpcServer> {
  const methods = methodsOf(services);
  const newcomers = serveNewcomers(services, methods, connections);
  const members = new Set<MemberSession>();
  const listener = await listenTls({
    address: readAddress(address),
    credentials,
    connections,
    onSecured: (connection, tls) => {
      if (!connections.secured(connection, tls)) return;
      cutWhenSilent(connection, connections);
      if (connection.stage !== "member") return newcomers.injector.injectConnection(tls);
      const session = new MemberSession(connection, tls, methods, connections.limits);
      members.add(session);
      connection.onceClosed(() => members.delete(session));
    },
  });
  const dispose = async (): Promise<void> => {
    listener.close();
    newcomers.server.tryShutdown(() => undefined);
    for (const session of members) session.close();
    await closed(connections);
  };
  return { port: listener.port, [Symbol.asyncDispose]: dispose };
}

function methodsOf(services: readonly RpcService[]): ReadonlyMap<string, StreamHandler> {
  return new Map(services.flatMap((service) => (service.kind === "members" ? [...service.methods] : [])));
}

interface Newcomers {
  readonly server: Server;
  readonly injector: ConnectionInjector;
}

function serveNewcomers(
  services: readonly RpcService[],
  methods: ReadonlyMap<string, StreamHandler>,
  connections: Connections,
): Newcomers {
  const server = new Server({ ...newcomerOptions(connections.limits), interceptors: [callWatch(connections)] });
  for (const service of services)
    if (service.kind === "newcomers") server.addService(service.definition, service.handlers);
  const identity = (bytes: Buffer): Buffer => bytes;
  for (const path of methods.keys()) server.register(path, refuser(connections), identity, identity, "bidi");
  // TLS is up already.
  return { server, injector: server.createConnectionInjector(ServerCredentials.createInsecure()) };
}

function newcomerOptions({ maxAgeMs, idleMs, streams, newcomerRequestBytes }: ConnectionLimits) {
  return {
    "grpc.max_connection_age_ms": maxAgeMs,
    "grpc.max_connection_age_grace_ms": 10_000,
    "grpc.max_connection_idle_ms": idleMs,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_concurrent_streams": streams,
    "grpc.max_receive_message_length": newcomerRequestBytes,
    // In megabytes.
    "grpc-node.max_session_memory": 1,
    // It would keep a record of each connection that nobody asks for.
    "grpc.enable_channelz": 0,
  };
}

/** Says nothing of what was wrong with a certificate. */
const noIdentity: Refusal = {
  reason: "NoIdentity",
  message:
    "cannot open the stream: the client certificate is missing, or not one that the mesh's root signed for a SPIFFE ID; present the pod's own certificate",
};

function refuser(connections: Connections): handleBidiStreamingCall<Buffer, Buffer> {
  return (call) => {
    connections.refused(call.getPeer(), noIdentity);
    call.on("error", () => undefined);
    call.resume();
    call.emit("error", { code: refusalStatus[noIdentity.reason], details: noIdentity.message });
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
async function closed(connections: Connections): Promise<void> {
  const force = setTimeout(() => connections.closeAll(), shutDownGraceMs);
  await connections.emptied();
  clearTimeout(force);
}
