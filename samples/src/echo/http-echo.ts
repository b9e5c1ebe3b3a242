import { setTimeout as delay } from "node:timers/promises";
import { peerOf } from "../peer.ts";
import { type Replica, replicaHeader } from "../replica.ts";
import { streamEvents } from "./event-stream.ts";
import { type SeenRequest, seen } from "./seen.ts";
import { readShaping } from "./shaping.ts";

/** A request of `node:http` or of `node:http2`'s compatibility interface. */
export type EchoRequest = SeenRequest & AsyncIterable<Uint8Array>;

/** The same for the response. */
export interface EchoResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  write(chunk: string): boolean;
  end(chunk: string): unknown;
  once(event: "close", listener: () => void): unknown;
}

/**
 * Answers HTTP requests: `/healthz`, `/events` (server-sent events, `?count=&intervalMs=`), and any other path with what
 * was seen of the request, shaped by `?status=&delayMs=&bytes=`.
 */
export async function echoHttp(request: EchoRequest, response: EchoResponse, replica: Replica): Promise<void> {
  const url = new URL(request.url ?? "/", "http://echo");
  switch (url.pathname) {
    case "/healthz":
      return respond(response, 200, replica, { status: "ok" });
    case "/events":
      return await streamEvents(response, url.searchParams, replica);
    default:
      return await report(request, response, url.searchParams, replica);
  }
}

async function report(
  request: EchoRequest,
  response: EchoResponse,
  query: URLSearchParams,
  replica: Replica,
): Promise<void> {
  const read = readShaping(query);
  if (read.kind === "wrong") return respond(response, 400, replica, { error: read.message });
  const { status, delayMs, bytes } = read.shaping;
  const bodyBytes = await countBytes(request);
  if (delayMs > 0) await delay(delayMs);
  const peer = peerOf(headerText(request.headers["x-forwarded-client-cert"]));
  const body = seen(request, replica, peer, bodyBytes);
  respond(response, status, replica, bytes > 0 ? { ...body, padding: "x".repeat(bytes) } : body);
}

function headerText(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined ? undefined : [value].flat().join(",");
}

async function countBytes(body: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const chunk of body) count += chunk.byteLength;
  return count;
}

function respond(response: EchoResponse, status: number, replica: Replica, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", [replicaHeader]: replica.name });
  // these have no body
  response.end(status === 204 || status === 304 ? "" : `${JSON.stringify(body)}\n`);
}
