import { once } from "node:events";
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import { replicaHeader } from "../replica.ts";
import type { Client, ClientOptions, Reply } from "./client.ts";

/** HTTP/2 with prior knowledge, requests spread over the connections in turn. A closed connection is replaced at the next request. */
export function http2Client({ url, headers, connections }: ClientOptions): Client {
  const sessions = new Map<number, ClientHttp2Session>();
  let turn = 0;
  return {
    send: (signal) => {
      turn = (turn + 1) % connections;
      return send(openSession(sessions, turn, url), { ...headers, ":path": `${url.pathname}${url.search}` }, signal);
    },
    close: () => {
      for (const session of sessions.values()) session.destroy();
    },
  };
}

function openSession(sessions: Map<number, ClientHttp2Session>, slot: number, url: URL): ClientHttp2Session {
  const open = sessions.get(slot);
  // closed: the server said that it takes no more (GOAWAY)
  if (open !== undefined && !open.closed && !open.destroyed) return open;
  const session = connect(url);
  // each request that the connection carries reports the failure by itself
  session.on("error", () => undefined);
  sessions.set(slot, session);
  return session;
}

async function send(
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Reply> {
  const stream = session.request({ ...headers }, { signal });
  // a failure in the middle of the answer rejects the reading of it
  stream.on("error", () => undefined);
  const [answer] = (await once(stream, "response")) as [IncomingHttpHeaders & { ":status"?: number }];
  const body = Buffer.concat(await stream.toArray()).toString("utf8");
  const status = answer[":status"] ?? 0;
  const replica = [answer[replicaHeader] ?? ""].flat().join(",");
  return { status: `${status}`, isSuccess: status >= 200 && status < 400, replica, body };
}
