import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** One answer of a scripted API server. */
export type Reply =
  | { readonly kind: "json"; readonly body: object }
  | {
      readonly kind: "status";
      readonly code: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: object;
    }
  /** Writes the chunks as they are, then ends the answer, leaves it open without a word, or breaks the connection. */
  | { readonly kind: "stream"; readonly chunks: readonly string[]; readonly afterwards: "end" | "hang" | "break" }
  /** Never answers. */
  | { readonly kind: "hang" };

/** An HTTP server that answers request after request from a script: for faults that a real API server has too rarely. */
export interface WatchServer {
  readonly url: URL;
  /** Path and query of each request so far. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Starts it on loopback. A request beyond the script's end is never answered. */
export async function startWatchServer(script: readonly Reply[]): Promise<WatchServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const reply = script[requests.length] ?? { kind: "hang" };
    requests.push(request.url ?? "");
    answer(reply, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address !== "string" ? address.port : 0;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    requests,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function answer(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  switch (reply.kind) {
    case "hang":
      return;
    case "json":
      response.end(JSON.stringify(reply.body));
      return;
    case "status":
      response.writeHead(reply.code, reply.headers).end(JSON.stringify(reply.body ?? {}));
      return;
    case "stream":
      response.flushHeaders();
      response.write(reply.chunks.join(""), () => finish(reply.afterwards, response));
  }
}

function finish(afterwards: "end" | "hang" | "break", response: ServerResponse): void {
  if (afterwards === "end") response.end();
  if (afterwards === "break") response.destroy();
}
