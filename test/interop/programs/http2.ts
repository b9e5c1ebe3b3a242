import { once } from "node:events";
import { connect, createServer, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from "node:http2";
import { listening } from "./connection.ts";
import { forgedCertificate, seenIn } from "./http.ts";
import { conversationTimeoutMs, hostOf, type Seen, type Serve, type Speak, StatusError } from "./protocol.ts";

/** Serves HTTP/2 without TLS, to clients that know it beforehand. */
export const serveHttp2: Serve = (port) => {
  const server = createServer((incoming, response) => {
    // The stream's socket is a stand-in that forbids most; its session holds the real one.
    const socket = incoming.stream.session?.socket ?? incoming.socket;
    response.end(JSON.stringify(seenIn({ httpVersion: incoming.httpVersion, headers: incoming.headers, socket })));
  });
  return listening(server, port);
};

/** Begins with HTTP/2's preface, as clients do that need no negotiation. */
export const speakHttp2: Speak = async ({ host, port }) => {
  const session = connect(`http://${hostOf(host)}:${port}`);
  session.setTimeout(conversationTimeoutMs, () => session.destroy(new Error("timed out")));
  const failure = once(session, "close").then(() => Promise.reject(new Error("the connection was closed")));
  failure.catch(() => undefined);
  session.on("error", () => undefined);
  try {
    const stream = session.request({ ":path": "/", "x-forwarded-client-cert": forgedCertificate });
    const response = once(stream, "response") as Promise<[IncomingHttpHeaders & IncomingHttpStatusHeader]>;
    const [headers] = await Promise.race([response, failure]);
    if (headers[":status"] !== 200) throw new StatusError(headers[":status"] ?? 0);
    return JSON.parse(Buffer.concat(await stream.toArray()).toString()) as Seen;
  } finally {
    session.destroy();
  }
};
