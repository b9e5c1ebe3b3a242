import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Registry } from "prom-client";

/** Whether the process can do its work: true, or why not (false: no reason known). */
export type Readiness = boolean | string;

export interface MonitoringOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Default: all addresses, IPv6 and IPv4. */
  readonly host?: string;
  readonly ready: () => Readiness;
  /** Answer to `/version`, by which Kiali and scripts know what runs; default "development". */
  readonly version?: string;
  readonly registry: Registry;
  /** Closes the server. */
  readonly signal: AbortSignal;
}

export interface MonitoringServer {
  readonly port: number;
  /** Resolves when the server is closed. */
  readonly done: Promise<void>;
}

/**
 * Serves `/metrics` (Prometheus text), `/ready` (200, or 503 with the reason), `/live` (200 while the event loop
 * turns) and `/version`. It is plaintext and open to everybody, so that nothing about workloads belongs here.
 *
 * Errors: rejects when the port is taken.
 */
export async function startMonitoring(options: MonitoringOptions): Promise<MonitoringServer> {
  const server = createServer((request, response) => void respond(options, request, response));
  server.listen(options.port, options.host);
  await once(server, "listening");
  const done = once(server, "close").then(() => undefined);
  options.signal.addEventListener("abort", () => close(server), { once: true });
  if (options.signal.aborted) close(server);
  return { port: portOf(server, options.port), done };
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function portOf(server: Server, asked: number): number {
  const address = server.address();
  return address === null || typeof address === "string" ? asked : address.port;
}

async function respond(options: MonitoringOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { status, type, body } = await answer(options, new URL(request.url ?? "/", "http://monitoring").pathname);
    response.writeHead(status, { "content-type": type }).end(body);
  } catch (error) {
    // A collector of a metric failed: Prometheus shows the scrape's error.
    response.writeHead(500, textPlain).end(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const textPlain = { "content-type": "text/plain; charset=utf-8" } as const;

async function answer({ ready, registry, version }: MonitoringOptions, path: string): Promise<Answer> {
  switch (path) {
    case "/metrics":
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    case "/ready":
      return readiness(ready());
    case "/live":
      return text(200, "ok");
    case "/version":
      return text(200, version ?? "development");
    default:
      return text(404, "not found: use /metrics, /ready, /live or /version");
  }
}

function readiness(ready: Readiness): Answer {
  if (ready === true) return text(200, "ok");
  return text(503, ready === false ? "not ready" : `not ready: ${ready}`);
}

function text(status: number, line: string): Answer {
  return { status, type: textPlain["content-type"], body: `${line}\n` };
}
