import { Server, type ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { GrpcService } from "./ads-service.ts";

const options: ServerOptions = {
  // Connections move to other replicas now and then, so that load evens out after an upgrade; grpc-js adds +-10 %.
  "grpc.max_connection_age_ms": 30 * 60_000,
  "grpc.max_connection_age_grace_ms": 10_000,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  // Envoy opens one stream, an agent one call: more on one connection is no client of ours.
  "grpc.max_concurrent_streams": 100,
  // A reconnecting Envoy sends the name and version of everything that it has in one request.
  "grpc.max_receive_message_length": 16 * 1024 * 1024,
  "grpc.max_send_message_length": -1,
  // In megabytes.
  "grpc-node.max_session_memory": 64,
};

const shutDownGraceMs = 500;

export interface RpcServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Serves gRPC services on an address `host:port` (port 0: a free one); disposing stops it within half a second.
 *
 * Errors: rejects when the address cannot be bound.
 */
export async function serveRpc(
  address: string,
  credentials: ServerCredentials,
  services: readonly GrpcService[],
): Promise<RpcServer> {
  const server = new Server(options);
  for (const { definition, handlers } of services) server.addService(definition, handlers);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(address, credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  return { port: await promise, [Symbol.asyncDispose]: () => shutDown(server) };
}

/** Certificate calls get a moment to finish; discovery streams never end by themselves and go on at another replica. */
function shutDown(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const force = setTimeout(() => server.forceShutdown(), shutDownGraceMs);
  server.tryShutdown(() => {
    clearTimeout(force);
    resolve();
  });
  return promise;
}
