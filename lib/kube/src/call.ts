import type { IncomingMessage } from "node:http";
import type { RawRequest } from "./client.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import type { HttpClient } from "./http.ts";
import { KubeError } from "./kube-error.ts";
import { httpError } from "./status-error.ts";

const defaultTimeoutMs = 30_000;

/** Sends a request and parses the JSON answer. Errors: rejects with KubeError and nothing else. */
export async function callJson(http: HttpClient, request: RawRequest): Promise<unknown> {
  const deadline = startDeadline(request.timeoutMs ?? defaultTimeoutMs, request.signal);
  try {
    const response = await succeed(request, http.send(request, deadline.signal));
    return JSON.parse(await readText(response));
  } catch (cause) {
    if (deadline.cut === "timeout") http.dropIdle();
    throw callError(request, cause, deadline);
  } finally {
    deadline.disarm();
  }
}

/** Opens an answer as a stream; its errors after the head are Node's own. */
export async function openStream(http: HttpClient, request: RawRequest): Promise<IncomingMessage> {
  const deadline = startDeadline(request.timeoutMs ?? defaultTimeoutMs, request.signal);
  try {
    const response = await succeed(request, http.sendAlone(request, deadline.signal));
    deadline.stopClock();
    response.once("close", () => deadline.disarm());
    return response;
  } catch (cause) {
    deadline.disarm();
    throw callError(request, cause, deadline);
  }
}

/** Resolves with the answer's head, and rejects one that is not a success. */
async function succeed(request: RawRequest, sent: Promise<IncomingMessage>): Promise<IncomingMessage> {
  const response = await sent;
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  throw httpError(actionOf(request), status, response.headers, await readText(response));
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function callError(request: RawRequest, cause: unknown, { cut }: Deadline): KubeError {
  if (cause instanceof KubeError) return cause;
  const action = actionOf(request);
  if (cut === "caller") return new KubeError("Aborted", `cannot ${action}: the caller gave up`, { cause });
  if (cut === "timeout") {
    const seconds = (request.timeoutMs ?? defaultTimeoutMs) / 1000;
    return new KubeError("Timeout", `cannot ${action}: the API server did not answer within ${seconds} s`, { cause });
  }
  const detail = cause instanceof Error ? cause.message : String(cause);
  const reason = cause instanceof SyntaxError ? "Unexpected" : "Unavailable";
  return new KubeError(reason, `cannot ${action}: ${detail}`, { cause });
}

function actionOf({ action, method, path }: RawRequest): string {
  return action ?? `${method} ${path}`;
}
