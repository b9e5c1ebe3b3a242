import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket, WebSocketServer } from "ws";
import { connect, listening } from "./connection.ts";
import {
  conversationTimeoutMs,
  endpoint,
  hostOf,
  type Seen,
  type Serve,
  type Speak,
  StatusError,
  type Target,
} from "./protocol.ts";

/** What a client makes up about itself; it must reach no server. */
export const forgedCertificate = "URI=spiffe://cluster.local/ns/forged/sa/forged";

const gapMs = 300;

/** Serves HTTP/1.0, HTTP/1.1, WebSocket and, below `/events`, server-sent events. */
export const serveHttp: Serve = (port) => {
  const server = createServer({ maxHeaderSize: 256 * 1024 }, (incoming, response) => {
    if (incoming.url === "/events") void stream(response, seenIn(incoming));
    else response.end(JSON.stringify(seenIn(incoming)));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, incoming) => {
    const seen = JSON.stringify({ ...seenIn(incoming), protocol: "WebSocket" });
    socket.on("message", () => socket.send(seen));
  });
  return listening(server, port);
};

/** What a request tells of its way. */
export function seenIn({
  httpVersion,
  headers,
  socket,
}: Pick<IncomingMessage, "httpVersion" | "headers" | "socket">): Seen {
  return {
    protocol: `HTTP/${httpVersion}`,
    from: endpoint(socket),
    clientCertificate: String(headers["x-forwarded-client-cert"] ?? ""),
    isProxied: headers["x-request-id"] !== undefined,
  };
}

/** Three events with pauses between them: a proxy that buffers would deliver them together. */
async function stream(response: ServerResponse, seen: Seen): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (let event = 0; event < 3; event += 1) {
    response.write(`data: ${JSON.stringify(seen)}\n\n`);
    await pause(gapMs);
  }
  response.end();
}

/** A request of which the end of the connection ends the answer. */
export const speakHttp10: Speak = async (target) => {
  using connection = await connect(target);
  const { host } = target;
  connection.write(`GET / HTTP/1.0\r\nHost: ${hostOf(host)}\r\nX-Forwarded-Client-Cert: ${forgedCertificate}\r\n\r\n`);
  const [head = "", body = ""] = (await connection.rest()).toString().split("\r\n\r\n");
  const code = Number(/^HTTP\/1\.[01] (\d+)/.exec(head)?.[1] ?? assert.fail(`no answer: "${head}"`));
  if (code !== 200) throw new StatusError(code);
  return JSON.parse(body) as Seen;
};

export const speakHttp11: Speak = (target) => get(target);

/** For a host of which the mesh knows nothing, as an application with several virtual hosts has them. */
export const speakHttpForAnotherHost: Speak = (target) => get(target, { headers: { host: "shop.example" } });

/** What a request with a large cookie looks like; a proxy takes up to 60 KiB of headers by default. */
export const speakLargeHeader: Speak = (target) => get(target, { headers: { "x-large": "x".repeat(60_000) } });

/** More than a proxy takes. */
export const speakTooLargeHeader: Speak = (target) => get(target, { headers: { "x-large": "x".repeat(70_000) } });

/** Two requests on one connection, three seconds apart. */
export const speakKeepAlive: Speak = async (target) => {
  using agent = disposable(new Agent({ keepAlive: true, maxSockets: 1 }));
  const first = await get(target, { agent: agent.agent });
  await pause(3_000);
  const second = await get(target, { agent: agent.agent });
  assert.equal(second.protocol, first.protocol);
  return first;
};

function disposable(agent: Agent) {
  return { agent, [Symbol.dispose]: () => agent.destroy() };
}

interface GetOptions {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

async function answer(
  { host, port }: Target,
  { path = "/", headers = {}, agent }: GetOptions,
): Promise<IncomingMessage> {
  const sent = request({
    host,
    port,
    path,
    headers: { ...headers, "x-forwarded-client-cert": forgedCertificate },
    signal: AbortSignal.timeout(conversationTimeoutMs),
    ...(agent === undefined ? { agent: false } : { agent }),
  }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  if (response.statusCode === 200) return response;
  response.destroy();
  throw new StatusError(response.statusCode ?? 0);
}

async function get(target: Target, options: GetOptions = {}): Promise<Seen> {
  const chunks = await (await answer(target, options)).toArray();
  return JSON.parse(Buffer.concat(chunks).toString()) as Seen;
}

/** Asks as kubelet does whether a sidecar is ready. */
export const speakHealth: Speak = async (target) => {
  const response = await answer(target, { path: "/healthz/ready" });
  response.resume();
  return seenIn(response);
};

export const speakServerSentEvents: Speak = async (target) => {
  const response = await answer(target, { path: "/events" });
  const began = performance.now();
  let events = "";
  let firstMs = 0;
  for await (const chunk of response) {
    if (events === "") firstMs = performance.now() - began;
    events += String(chunk);
  }
  const [first = "", ...others] = events.trim().split("\n\n");
  assert.equal(others.length, 2);
  assert.ok(performance.now() - began - firstMs > gapMs, "all events came at once");
  return JSON.parse(first.replace("data: ", "")) as Seen;
};

export const speakWebSocket: Speak = async ({ host, port }) => {
  const signal = AbortSignal.timeout(conversationTimeoutMs);
  const socket = new WebSocket(`ws://${hostOf(host)}:${port}/`, { handshakeTimeout: conversationTimeoutMs });
  try {
    const refusal = once(socket, "unexpected-response") as Promise<[unknown, IncomingMessage]>;
    const answered = await Promise.race([once(socket, "open"), refusal.then(([, { statusCode = 0 }]) => statusCode)]);
    if (typeof answered === "number") throw new StatusError(answered);
    socket.send("who?");
    const [message] = (await once(socket, "message", { signal })) as [Buffer];
    return JSON.parse(message.toString()) as Seen;
  } finally {
    socket.terminate();
  }
};
