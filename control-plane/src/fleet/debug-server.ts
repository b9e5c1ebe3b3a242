import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Logger } from "@meshwright/log/logger";
import { type ServingCertificate, servingContext } from "../serve/serving-credentials.ts";
import type { AccessOptions } from "./authenticate.ts";
import type { Sources } from "./endpoints/endpoint.ts";
import { limitAddresses, maxConnections } from "./limit-connections.ts";
import { respond } from "./respond.ts";
import { Slots } from "./slots.ts";

export interface DebugServerOptions extends AccessOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly sources: Sources;
  /** Called for each kind of answer, or reason of a refusal. */
  readonly onAnswer: (result: string) => void;
  readonly logger: Logger;
  /** Ends the server and what it is answering. */
  readonly signal: AbortSignal;
  /** How long a handshake and a request's headers may take, in milliseconds; default 5,000. */
  readonly requestTimeoutMs?: number;
}

export interface DebugServer {
  readonly port: number;
  /** Shows another certificate, and trusts other roots, from the next connection on. Errors: as `createSecureContext`. */
  update(certificate: ServingCertificate): void;
  /** Resolves when the last connection is closed, after the signal. */
  readonly closed: Promise<void>;
}

/** A request has no body, and its headers fit in one packet or two. */
const defaultRequestTimeoutMs = 5_000;
const maxHeaderBytes = 16 * 1024;

/** A reader from which nothing is heard for so long is gone. */
const idleTimeoutMs = 15_000;

/**
 * Serves the fleet view and Istio's debug paths over HTTPS. A client certificate is asked for and not required: a bearer
 * token does as well.
 *
 * Errors: rejects when the port cannot be bound or the certificate cannot be used.
 */
export async function startDebugServer(
  certificate: ServingCertificate,
  options: DebugServerOptions,
): Promise<DebugServer> {
  const { logger, port, host, signal, requestTimeoutMs = defaultRequestTimeoutMs } = options;
  const server = createServer(
    {
      ...servingContext(certificate),
      requestCert: true,
      rejectUnauthorized: false,
      maxHeaderSize: maxHeaderBytes,
      handshakeTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: requestTimeoutMs / 5,
      keepAliveTimeout: requestTimeoutMs,
    },
    handler(options),
  );
  server.timeout = idleTimeoutMs;
  server.maxConnections = maxConnections;
  limitAddresses(server);
  server.on("tlsClientError", (error) => logger.debug({ error }, "debug connection failed"));
  const closed = once(server, "close").then(() => undefined);
  server.listen(port, host);
  await once(server, "listening");
  closeOnAbort(server, signal);
  const update = (next: ServingCertificate): void => server.setSecureContext(servingContext(next));
  return { port: boundPort(server), update, closed };
}

function handler(options: DebugServerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const slots = new Slots();
  return (request, response) => void respond(request, response, { ...options, slots });
}

function closeOnAbort(server: Server, signal: AbortSignal): void {
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  if (signal.aborted) close();
  else signal.addEventListener("abort", close, { once: true });
}

function boundPort(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
