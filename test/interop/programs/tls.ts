import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectTls, createSecureContext, createServer, type TLSSocket } from "node:tls";
import { Connection, listening } from "./connection.ts";
import { converse, echo } from "./echo.ts";
import { conversationTimeoutMs, type Seen, type Serve, type Speak, seenAs, type Target } from "./protocol.ts";

/** Name in the application's own certificate, of which the mesh knows nothing. */
export const applicationHost = "app.example";

const read = (file: string): string => readFileSync(`/etc/app/${file}`, "utf8");

/** Roots by which clients of the application verify it. */
export const applicationRoots = read("ca.crt");

const shown = { cert: read("tls.crt"), key: read("tls.key") };

/** What the application shows. */
export const secureContext = createSecureContext(shown);

/** Ends TLS in the application itself, and echoes. */
export const serveTls: Serve = (port) => {
  const handle = (socket: TLSSocket): void => {
    socket.on("error", () => undefined);
    const protocol = socket.alpnProtocol === false ? "TLS" : `TLS ${socket.alpnProtocol ?? ""}`.trim();
    echo(socket, seenAs(protocol, socket)).catch(() => socket.destroy());
  };
  const server = createServer({ ...shown, ALPNProtocols: ["h2", "http/1.1", "mqtt"] }, handle);
  return listening(
    server.on("tlsClientError", () => undefined),
    port,
  );
};

/** Wants the application's own certificate at the other end, without telling an application protocol. */
export const speakTls: Speak = (target) => speak(target, []);

/** As HTTP clients do: the mesh must not take the application's TLS for its own. */
export const speakTlsAlpn: Speak = (target) => speak(target, ["h2", "http/1.1"]);

/** With an application protocol that is nobody's HTTP. */
export const speakTlsOtherAlpn: Speak = (target) => speak(target, ["mqtt"]);

async function speak({ host, port }: Target, alpn: readonly string[]): Promise<Seen> {
  const secured = connectTls({
    host,
    port,
    ca: applicationRoots,
    servername: applicationHost,
    ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
  });
  secured.setTimeout(conversationTimeoutMs, () => secured.destroy(new Error("timed out")));
  await once(secured, "secureConnect");
  using connection = new Connection(secured);
  return await converse(connection);
}
