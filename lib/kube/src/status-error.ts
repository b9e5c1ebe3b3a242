import type { IncomingHttpHeaders } from "node:http";
import { KubeError, type KubeErrorReason } from "./kube-error.ts";

/**
 * The fields of a `Status` object that tell what went wrong.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly retryAfterSeconds?: number;
}

const reasonByCode: ReadonlyMap<number, KubeErrorReason> = new Map([
  [400, "BadRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [409, "Conflict"],
  [410, "Gone"],
  [422, "Invalid"],
  [429, "TooManyRequests"],
  [500, "InternalError"],
  [502, "Unavailable"],
  [503, "Unavailable"],
  [504, "Timeout"],
]);

/** Makes the error of an HTTP answer other than 2xx. */
export function httpError(action: string, code: number, headers: IncomingHttpHeaders, body: string): KubeError {
  const status = parseStatus(body);
  const retryAfterSeconds = Number(headers["retry-after"] ?? status.retryAfterSeconds ?? Number.NaN);
  return build(action, code, status, retryAfterSeconds);
}

/** Makes the error of a watch's ERROR event, whose object is a Status. */
export function eventError(action: string, object: unknown): KubeError {
  const status = readStatus(object);
  return build(action, status.code ?? 0, status, status.retryAfterSeconds ?? Number.NaN);
}

function build(action: string, code: number, status: Status, retryAfterSeconds: number): KubeError {
  const detail = status.message || status.reason || `HTTP ${code}`;
  return new KubeError(reasonOf(code, status), `cannot ${action}: ${detail}`, {
    status: code,
    ...(Number.isFinite(retryAfterSeconds) ? { retryAfterMs: retryAfterSeconds * 1000 } : {}),
  });
}

/** AlreadyExists and Conflict share a code; so do Expired and Gone. */
function reasonOf(code: number, status: Status): KubeErrorReason {
  if (status.reason === "AlreadyExists") return "AlreadyExists";
  if (status.reason === "Expired") return "Gone";
  return reasonByCode.get(code) ?? "Unexpected";
}

function parseStatus(body: string): Status {
  try {
    return readStatus(JSON.parse(body));
  } catch {
    // Proxies and early failures answer in plain text, which the caller then shows.
    return { message: firstLine(body) };
  }
}

function readStatus(value: unknown): Status {
  if (typeof value !== "object" || value === null) return {};
  const fields = new Map<string, unknown>(Object.entries(value));
  const [message, reason, code] = [fields.get("message"), fields.get("reason"), fields.get("code")];
  return {
    ...(typeof message === "string" ? { message } : {}),
    ...(typeof reason === "string" ? { reason } : {}),
    ...(typeof code === "number" ? { code } : {}),
    ...retryAfter(fields.get("details")),
  };
}

function retryAfter(details: unknown): Pick<Status, "retryAfterSeconds"> {
  if (typeof details !== "object" || details === null || !("retryAfterSeconds" in details)) return {};
  const seconds = details.retryAfterSeconds;
  return typeof seconds === "number" ? { retryAfterSeconds: seconds } : {};
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1).join("").slice(0, 500);
}
