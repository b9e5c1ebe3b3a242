import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { SecureContextOptions } from "node:tls";
import { injectionPath } from "@meshwright/contract/volume";
import type { Logger } from "@meshwright/log/logger";
import { type AdmissionReview, answerReview, readReview } from "./admission-review.ts";
import type { Outcome } from "./inject/inject.ts";
import type { Pod } from "./inject/pod.ts";
import { type SkipNotice, skipNotice } from "./inject/skip-notice.ts";
import type { InjectionMetrics } from "./injection-metrics.ts";
import { readBody } from "./read-body.ts";
import { RequestError } from "./request-error.ts";

/** The server's certificate with its chain, and its key, in PEM. */
export interface ServerKeyPair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** A certificate that is renewed while the server runs. */
export interface CertificateSource {
  current(): ServerKeyPair;
  /** Calls the listener after each renewal; returns the way to stop that. */
  onChange(listener: () => void): () => void;
}

export interface WebhookServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Default: every address. */
  readonly host?: string;
  readonly certificate: CertificateSource;
  /**
   * Decides about a pod that is being created in a namespace, and whose labels ask for a tag, if one is given, or else for the
   * revision itself. Pure: it may be called again for the same pod.
   */
  readonly inject: (pod: Pod, namespace: string, tag: string | undefined) => Outcome;
  /** Told why a pod that asked for a sidecar has none; never for a dry run, which must leave no trace. */
  readonly tell: (notice: SkipNotice) => void;
  readonly metrics: InjectionMetrics;
  readonly logger: Logger;
  /** Ends the server; requests that it has taken are still answered. */
  readonly signal: AbortSignal;
}

export interface WebhookServer {
  readonly port: number;
  /**
   * Ends each connection with its next answer: the API server keeps its connections, and would go on to ask a server that is
   * about to end, perhaps one of an older version, instead of those that have taken over.
   */
  drain(): void;
  /** Resolves when the last connection is closed, after the signal. */
  readonly closed: Promise<void>;
}

/** The API server asks within its webhook's timeout, 5 s; anything slower is not the API server. */
const requestTimeoutMs = 10_000;

/**
 * Serves the admission webhooks over HTTPS: `POST /inject` and `POST /inject/<tag>` (AdmissionReview v1) and `GET /ready`.
 * A renewed certificate counts for new connections at once; open ones keep theirs.
 *
 * Errors: rejects when the port cannot be bound. A wrong request gets a 4xx, a failure of `inject` a 500.
 */
export async function startWebhookServer(options: WebhookServerOptions): Promise<WebhookServer> {
  const { certificate, port, host, signal, logger } = options;
  let isDraining = false;
  const server = createServer(tlsOptions(certificate), (request, response) => {
    if (isDraining) response.setHeader("connection", "close");
    void answer(request, response, options);
  });
  server.requestTimeout = requestTimeoutMs;
  server.headersTimeout = requestTimeoutMs;
  server.on("tlsClientError", (error) => logger.debug({ error }, "webhook connection failed"));
  const closed = once(server, "close").then(() => undefined);
  server.listen(port, host);
  await once(server, "listening");
  const unsubscribe = certificate.onChange(() => server.setSecureContext(tlsOptions(certificate)));
  closeOnAbort(server, signal, unsubscribe);
  const drain = (): void => {
    isDraining = true;
  };
  return { port: boundPort(server), drain, closed };
}

function tlsOptions(certificate: CertificateSource): SecureContextOptions {
  const { certificatePem, keyPem } = certificate.current();
  return { cert: certificatePem, key: keyPem, minVersion: "TLSv1.2" };
}

function closeOnAbort(server: Server, signal: AbortSignal, unsubscribe: () => void): void {
  const close = (): void => {
    unsubscribe();
    server.close();
  };
  if (signal.aborted) close();
  else signal.addEventListener("abort", close, { once: true });
}

function boundPort(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: WebhookServerOptions,
): Promise<void> {
  try {
    send(response, 200, await route(request, options));
  } catch (error) {
    if (error instanceof RequestError) {
      options.logger.debug({ error, reason: error.reason }, "webhook request refused");
      // what is left of the body is not worth reading
      response.setHeader("connection", "close");
      send(response, error.status, { reason: error.reason, message: error.message });
      return;
    }
    options.logger.error({ error }, "webhook failed");
    send(response, 500, { reason: "InternalError", message: "the webhook failed; its log says why" });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** The API server adds `?timeout=10s` to the path. */
async function route(request: IncomingMessage, options: WebhookServerOptions): Promise<unknown> {
  const [path = ""] = (request.url ?? "").split("?", 1);
  if (path === "/ready") {
    requireMethod(request, "GET");
    return { ready: true };
  }
  const [, tag] = injection.exec(path) ?? throwNotFound();
  requireMethod(request, "POST");
  return measured(request, tag, options);
}

/** The webhook of a tag has its name behind a slash. */
const injection = new RegExp(`^${injectionPath}(?:/([a-z0-9][-a-z0-9]*))?$`);

function throwNotFound(): never {
  throw new RequestError("NotFound", `the paths are ${injectionPath}, ${injectionPath}/<tag> and /ready`);
}

/** Answers a review and counts it, also when it fails. */
async function measured(
  request: IncomingMessage,
  tag: string | undefined,
  options: WebhookServerOptions,
): Promise<AdmissionReview> {
  const beginMs = performance.now();
  let result: Outcome["kind"] | "failed" = "failed";
  try {
    const { uid, outcome } = await review(request, tag, options);
    result = outcome.kind;
    return answerReview(uid, outcome);
  } finally {
    options.metrics.reviewed(result, (performance.now() - beginMs) / 1000);
  }
}

async function review(
  request: IncomingMessage,
  tag: string | undefined,
  { inject, tell, logger }: WebhookServerOptions,
): Promise<{ readonly uid: string; readonly outcome: Outcome }> {
  requireJson(request);
  const { uid, namespace, pod, isDryRun } = readReview(await readBody(request));
  const outcome = inject(pod, namespace, tag);
  const notice = isDryRun ? undefined : skipNotice(pod, namespace, outcome);
  if (notice !== undefined) tell(notice);
  const name = pod.metadata.name ?? pod.metadata.generateName;
  logger.debug({ uid, namespace, pod: name, outcome: outcome.kind }, "reviewed pod");
  return { uid, outcome };
}

function requireMethod(request: IncomingMessage, method: string): void {
  if (request.method !== method) throw new RequestError("MethodNotAllowed", `the method is ${method}`);
}

function requireJson(request: IncomingMessage): void {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";", 1);
  if (type.trim().toLowerCase() !== "application/json")
    throw new RequestError("UnsupportedMediaType", `content-type is "${type}": send application/json`);
  // the API server does not compress; whoever does gets no memory of ours to unpack it in
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity")
    throw new RequestError("UnsupportedMediaType", `content-encoding is "${encoding}": send it uncompressed`);
}
