import { status } from "@grpc/grpc-js";

/** Names a failed request in one word, so that a thousand of a kind are one line of a report. */
export function failureName(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "Timeout";
  if (!(error instanceof Error)) return String(error);
  // HTTP/2 wraps what happened to the connection in what that did to the stream
  if (error.cause !== undefined) return failureName(error.cause, signal);
  const { code } = error as Error & { readonly code?: unknown };
  if (typeof code === "number") return status[code] ?? `${code}`;
  return typeof code === "string" ? code : error.message;
}
