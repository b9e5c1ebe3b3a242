import { isIPv6 } from "node:net";

/** What a server tells its client about a connection or request, in whatever way its protocol allows. */
export interface Seen {
  /** What the server was spoken to, as `HTTP/1.1`. */
  readonly protocol: string;
  /** `address:port` from which the connection came. */
  readonly from: string;
  /** The header `x-forwarded-client-cert`; empty when there is none, and for protocols without headers. */
  readonly clientCertificate: string;
  /** Whether the way led through a proxy that understood requests, and did not only carry bytes. */
  readonly isProxied: boolean;
}

/** Where a client connects to. */
export interface Target {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
}

/** A server of a protocol; resolves when it listens on every address of the pod. */
export type Serve = (port: number) => Promise<void>;

/**
 * A client's side of a protocol: opens a connection, has one conversation and checks every answer.
 *
 * Errors: rejects with `StatusError` when a proxy or server answers that it will not, else with what went wrong.
 */
export type Speak = (target: Target) => Promise<Seen>;

/** An answer that says no. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  /** HTTP status, or gRPC code. */
  readonly status: number;

  constructor(status: number) {
    super(`cannot get an answer: status ${status}`);
    this.status = status;
  }
}

/** Longer than the five seconds for which a sniffing proxy waits for a client's first bytes. */
export const conversationTimeoutMs = 12_000;

/** The other end of a socket. */
interface Remote {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** What a server of bytes sees of a connection. */
export function seenAs(protocol: string, socket: Remote): Seen {
  return { protocol, from: endpoint(socket), clientCertificate: "", isProxied: false };
}

/** `address:port` of a socket's other end, as in a URL; IPv4 addresses as such. */
export function endpoint({ remoteAddress = "", remotePort = 0 }: Remote): string {
  return `${hostOf(remoteAddress.replace("::ffff:", ""))}:${remotePort}`;
}

/** A name or an address as it stands in a URL. */
export function hostOf(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
