import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { VolumeError } from "./volume-error.ts";

/** Linux takes 107 bytes and a final zero. */
const maxSocketPathBytes = 107;

/**
 * Serves gRPC on a unix socket that only root may use; a socket file that an earlier process left is replaced.
 * @param addServices is given the server before it listens
 *
 * Errors: rejects when the path is too long, or the folder cannot be written.
 */
export async function serveSocket(path: string, addServices: (server: Server) => void): Promise<Server> {
  if (Buffer.byteLength(path) > maxSocketPathBytes)
    throw new VolumeError(
      "InvalidArgument",
      `cannot listen on "${path}": it is longer than ${maxSocketPathBytes} bytes: use a shorter --kubelet-dir`,
    );
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  await rm(path, { force: true });
  const server = new Server();
  addServices(server);
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
    error === null ? resolve(server) : reject(error),
  );
  return promise;
}

/** Stops a server after the calls that are under way, or at once after the grace period; its socket file goes with it. */
export async function stopServer(server: Server, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => server.forceShutdown(), graceMs);
  server.tryShutdown(() => resolve());
  await promise;
  clearTimeout(timer);
}
