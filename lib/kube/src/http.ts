import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import type { RawRequest } from "./client.ts";
import type { Connection } from "./connection.ts";

/** Sends requests to one API server over HTTP/1.1, where each watch has a connection, and so a fate, of its own. */
export interface HttpClient {
  /**
   * Resolves with the head of the answer; the body is the caller's to read.
   * Errors: rejects with Node's error when there is no answer, or when the signal is aborted.
   */
  send(request: RawRequest, signal: AbortSignal): Promise<IncomingMessage>;
  /** As `send`, over a connection that no other request has used or will use. */
  sendAlone(request: RawRequest, signal: AbortSignal): Promise<IncomingMessage>;
  /** Closes connections that wait for a next request: when one of them is found dead, the others probably are too. */
  dropIdle(): void;
}

/** Idle time before TCP probes a connection: a peer that is gone without a word is noticed within half a minute. */
const tcpKeepAliveMs = 15_000;

/** Creates a client that keeps connections for later requests. */
export function createHttpClient(connection: Connection, userAgent: string): HttpClient {
  const isTls = connection.server.protocol === "https:";
  const Agent = isTls ? HttpsAgent : HttpAgent;
  const open = isTls ? httpsRequest : httpRequest;
  const pool = new Agent({ keepAlive: true, keepAliveMsecs: tcpKeepAliveMs });
  const alone = new Agent({ keepAlive: true, keepAliveMsecs: tcpKeepAliveMs, maxFreeSockets: 0 });

  const sendBy = async (agent: HttpAgent, request: RawRequest, signal: AbortSignal): Promise<IncomingMessage> => {
    const credentials = await connection.credentials();
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = { ...credentials.headers, ...requestHeaders(request, userAgent, body) };
    const options: RequestOptions = { agent, ...credentials.options, headers, method: request.method, signal };
    return exchange(() => open(urlOf(connection.server, request), options), body, request.method !== "POST");
  };
  return {
    send: (request, signal) => sendBy(pool, request, signal),
    sendAlone: (request, signal) => sendBy(alone, request, signal),
    dropIdle: () =>
      Object.values(pool.freeSockets).forEach((sockets) => sockets?.forEach((socket) => socket.destroy())),
  };
}

function urlOf(server: URL, { path, query }: RawRequest): URL {
  // A server behind a gateway may have a path of its own.
  const url = new URL(server.pathname.replace(/\/$/, "") + path, server);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  return url;
}

function requestHeaders(request: RawRequest, userAgent: string, body: string | undefined): Record<string, string> {
  const headers = { accept: request.accept ?? "application/json", "user-agent": userAgent };
  if (body === undefined) return headers;
  // Node frames the body of a DELETE only when told its length.
  const contentLength = String(Buffer.byteLength(body));
  return { ...headers, "content-type": request.contentType ?? "application/json", "content-length": contentLength };
}

async function exchange(open: () => ClientRequest, body: string | undefined, mayRepeat: boolean) {
  const first = open();
  try {
    return await respond(first, body);
  } catch (cause) {
    // The server may close an idle connection just as we take it up again: nothing was served, so asking twice is safe.
    if (mayRepeat && first.reusedSocket && isReset(cause)) return respond(open(), body);
    throw cause;
  }
}

function respond(request: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve);
  // Stays attached: a request that fails after its head was read says so a second time, here.
  request.on("error", reject);
  request.end(body);
  return promise;
}

function isReset(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "EPIPE");
}
