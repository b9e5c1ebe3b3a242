import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { WorkloadIdentity } from "@meshwright/contract/identity";
import type { Logger } from "@meshwright/log/logger";
import { peerIdentity } from "../serve/peer.ts";
import { type AccessOptions, type Admitted, admit } from "./authenticate.ts";
import type { Answer, Endpoint, Sources } from "./endpoints/endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { type Refusal, refusalStatuses, refuse } from "./refusal.ts";
import { sendPieces } from "./send-pieces.ts";
import type { Slots } from "./slots.ts";

export interface RespondOptions extends AccessOptions {
  readonly sources: Sources;
  readonly slots: Slots;
  readonly onAnswer: (result: string) => void;
  readonly logger: Logger;
}

/** Longer than any path and query of ours. */
const maxUrlChars = 2_048;

/** A whole answer may take so long, however slowly it is read. */
const answerTimeoutMs = 60_000;

/** Answers one request. Never rejects. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: RespondOptions,
): Promise<void> {
  const { logger, onAnswer } = options;
  const decision = await decide(request, options);
  if (decision.kind === "refused") {
    onAnswer(decision.reason);
    logger.debug({ reason: decision.reason, detail: decision.message, error: decision.error }, "debug request refused");
    return sendRefusal(response, decision);
  }
  onAnswer("Answered");
  try {
    await sendAnswer(response, decision.answer);
  } catch (error) {
    // The head is sent: a body that ends early is all that can be told.
    logger.debug({ error }, "debug answer cut off");
    response.destroy();
  } finally {
    decision.release();
  }
}

interface Decision {
  readonly kind: "decided";
  readonly answer: Answer;
  /** Gives the place back. */
  readonly release: () => void;
}

/** Who asks comes before what is asked for: nobody learns anything without credentials. */
async function decide(request: IncomingMessage, options: RespondOptions): Promise<Decision | Refusal> {
  const { url = "/", method } = request;
  if (url.length > maxUrlChars) return refuse("UriTooLong", `the path and query have more than ${maxUrlChars} bytes`);
  if (method !== "GET") return refuse("MethodNotAllowed", "the method is GET");
  const target = URL.parse(url, "https://meshd");
  if (target === null) return refuse("BadRequest", "the path is no URL");
  const endpoint = endpoints.find(({ path }) => path === target.pathname);
  const admitted = await admit(credentialsOf(request), endpoint?.path ?? "/debug/list", options);
  if (admitted.kind === "refused") return admitted;
  if (endpoint === undefined) return refuse("NotFound", "there is no such path: see /debug/list");
  return answerTo(endpoint, target.searchParams, admitted, options);
}

function answerTo(
  endpoint: Endpoint,
  query: URLSearchParams,
  admitted: Admitted,
  { sources, slots }: RespondOptions,
): Decision | Refusal {
  const answer = endpoint.answer(query, admitted.access, sources);
  if (answer.kind === "refused") return answer;
  const release = slots.take(admitted);
  return release === undefined
    ? refuse("Busy", "as many answers are being given as may be at once: try again")
    : { kind: "decided", answer, release };
}

function credentialsOf({ headers, socket }: IncomingMessage) {
  return { authorization: headers.authorization, peer: peerOf(socket) };
}

function peerOf(socket: IncomingMessage["socket"]): WorkloadIdentity | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  return peerIdentity(socket.getPeerCertificate().subjectaltname);
}

function sendRefusal(response: ServerResponse, { reason, message }: Refusal): void {
  const status = refusalStatuses[reason];
  response.writeHead(status, {
    "content-type": "application/json",
    // What else the client sends is not worth reading.
    connection: "close",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
    ...(status === 405 ? { allow: "GET" } : {}),
    ...(status === 503 ? { "retry-after": "1" } : {}),
  });
  response.end(JSON.stringify({ reason, message }));
}

async function sendAnswer(response: ServerResponse, { contentType, pieces }: Answer): Promise<void> {
  response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" });
  const ended = new AbortController();
  response.once("close", () => ended.abort());
  await sendPieces(response, pieces, AbortSignal.any([ended.signal, AbortSignal.timeout(answerTimeoutMs)]));
}
