import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { peerOf } from "../peer.ts";
import { type Replica, replicaHeader } from "../replica.ts";
import type { App } from "./app.ts";
import { askNext } from "./ask-next.ts";
import type { Hop } from "./hop.ts";
import { page } from "./page.ts";

export interface StorefrontOptions {
  readonly app: App;
  readonly replica: Replica;
  /** Address of the application that this one asks; undefined: it asks none. */
  readonly next: URL | undefined;
}

/** Makes the server of one of the storefront's applications: its own path answers JSON, `/` a page, `/healthz` is for kubelet. */
export function storefrontServer(options: StorefrontOptions): Server {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    void answer(request, response, options, agent);
  });
  server.on("close", () => agent.destroy());
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: StorefrontOptions,
  agent: Agent,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://storefront");
  const send = (status: number, type: string, body: string): void => {
    response.writeHead(status, { "content-type": type, [replicaHeader]: options.replica.name });
    response.end(body);
  };
  switch (pathname) {
    case "/healthz":
      return send(200, "text/plain", "ok\n");
    case "/":
      return send(200, "text/html; charset=utf-8", page(await hop(request, options, agent)));
    case options.app.path:
      return send(200, "application/json", `${JSON.stringify(await hop(request, options, agent))}\n`);
    default:
      return send(404, "text/plain", `the paths are / and ${options.app.path}\n`);
  }
}

async function hop(request: IncomingMessage, { app, replica, next }: StorefrontOptions, agent: Agent): Promise<Hop> {
  const peer = [request.headers["x-forwarded-client-cert"] ?? []].flat().join(",");
  const own = {
    app: app.name,
    version: replica.version,
    replica: replica.name,
    seenPeer: peerOf(peer),
    protocol: `HTTP/${request.httpVersion}`,
    content: app.content(replica.version),
  };
  return next === undefined ? own : { ...own, next: await askNext(next, request.headers, agent) };
}
