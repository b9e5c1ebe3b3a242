import { setTimeout as delay } from "node:timers/promises";
import { type Replica, replicaHeader } from "../replica.ts";
import type { EchoResponse } from "./http-echo.ts";

/** Sends server-sent events until `count` of them are out or the client leaves: a stream to watch across a restart. */
export async function streamEvents(response: EchoResponse, query: URLSearchParams, replica: Replica): Promise<void> {
  const count = Number(query.get("count") ?? Number.POSITIVE_INFINITY);
  const intervalMs = Number(query.get("intervalMs") ?? 1000);
  const left = new AbortController();
  response.once("close", () => left.abort());
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    [replicaHeader]: replica.name,
  });
  for (let index = 0; index < count && !left.signal.aborted; index++) {
    response.write(`id: ${index}\ndata: ${JSON.stringify({ index, replica: replica.name })}\n\n`);
    await delay(intervalMs, undefined, { signal: left.signal }).catch(() => undefined);
  }
  response.end("");
}
