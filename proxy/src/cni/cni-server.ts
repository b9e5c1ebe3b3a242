import { once } from "node:events";
import { chmod, mkdir, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Logger } from "@meshwright/log/logger";
import { CniError } from "./cni-error.ts";
import { loadPodRules } from "./load-rules.ts";
import { maxRequestBytes, readRedirectRequest } from "./redirect-request.ts";

export interface CniServerOptions {
  /** The socket's path, at most 107 bytes. */
  readonly path: string;
  readonly kubeletDir: string;
  readonly logger: Logger;
}

/** A plugin that says nothing for so long has gone. */
const idleMs = 10_000;

/**
 * Serves the chained CNI plugin on a unix socket that only root may use: one line in, `OK` or what is wrong out. A socket
 * file that an earlier process left is replaced.
 *
 * Errors: rejects when the socket cannot be made.
 */
export async function startCniServer(options: CniServerOptions): Promise<AsyncDisposable> {
  const { path } = options;
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  await rm(path, { force: true });
  const server = createServer((socket) => void serve(socket, options));
  server.listen(path);
  await once(server, "listening");
  await chmod(path, 0o600);
  return { [Symbol.asyncDispose]: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  server.close();
  await once(server, "close");
}

/** Never rejects: a plugin that goes away has nobody left to tell. */
async function serve(socket: Socket, options: CniServerOptions): Promise<void> {
  socket.setEncoding("utf8");
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  const line = await readLine(socket);
  if (line === undefined) socket.destroy();
  else socket.end(`${await answer(line, options)}\n`);
}

/** The first line; undefined when the other end closes before it, or the line is too long. */
async function readLine(socket: Socket): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  let text = "";
  socket.on("data", (chunk: string) => {
    text += chunk;
    if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    else if (text.length > maxRequestBytes) resolve(undefined);
  });
  socket.once("close", () => resolve(undefined));
  return promise;
}

async function answer(line: string, { kubeletDir, logger }: CniServerOptions): Promise<string> {
  try {
    const request = readRedirectRequest(line);
    const loaded = await loadPodRules(kubeletDir, request);
    if (loaded === "load") logger.info({ pod: request.podUid }, "pod redirected");
    return "OK";
  } catch (error) {
    logger.warn({ error }, "pod not redirected");
    const message = error instanceof CniError ? error.message : `cannot redirect pod: ${String(error)}`;
    return message.replaceAll(/\s+/g, " ");
  }
}
