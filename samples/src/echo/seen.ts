import type { IncomingHttpHeaders } from "node:http";
import type { Replica } from "../replica.ts";

/** What a server saw of one request. */
export interface Seen {
  readonly replica: string;
  readonly version: string;
  readonly protocol: string;
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: Readonly<Record<string, string>>;
  /** SPIFFE ID of the caller; empty for plaintext. */
  readonly peer: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly bodyBytes: number;
}

/** What `node:http` and `node:http2` both say about a request. */
export interface SeenRequest {
  readonly httpVersion: string;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: {
    readonly localAddress?: string | undefined;
    readonly localPort?: number | undefined;
    readonly remoteAddress?: string | undefined;
    readonly remotePort?: number | undefined;
  };
}

/** Reports a request. `peer` is read by the caller, who knows where the protocol carries it. */
export function seen(request: SeenRequest, replica: Replica, peer: string, bodyBytes: number): Seen {
  const { socket } = request;
  const headers = plainHeaders(request.headers);
  return {
    replica: replica.name,
    version: replica.version,
    protocol: request.httpVersion.startsWith("2") ? "HTTP/2" : `HTTP/${request.httpVersion}`,
    method: request.method ?? "",
    path: request.url ?? "",
    authority: String(request.headers[":authority"] ?? request.headers.host ?? ""),
    headers,
    peer,
    localAddress: `${socket.localAddress ?? ""}:${socket.localPort ?? ""}`,
    remoteAddress: `${socket.remoteAddress ?? ""}:${socket.remotePort ?? ""}`,
    bodyBytes,
  };
}

/** Headers as text, without HTTP/2's pseudo headers. */
function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => !name.startsWith(":") && value !== undefined)
      .map(([name, value]) => [name, [value].flat().join(", ")]),
  );
}
