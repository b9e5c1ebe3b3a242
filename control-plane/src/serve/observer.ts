import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { RefusalReason } from "./refusal.ts";
import type { ProxyNode } from "./view.ts";

/** A response that a client's connection has taken. */
export interface Sent {
  readonly type: TypeUrl;
  readonly sizeBytes: number;
  /** From when it was due until it was encoded, in seconds: the wait for others. */
  readonly queuedSeconds: number;
  /** From when it was encoded until the connection took it, in seconds. */
  readonly writeSeconds: number;
  /** From the change of the view, or the stream's first request, in seconds. */
  readonly sinceChangeSeconds: number;
}

/** What serving tells whoever counts it. */
export interface ServeObserver {
  /** A proxy is connected until the returned function is called. */
  connected(node: ProxyNode): () => void;
  sent(response: Sent): void;
  /** A response was acknowledged. */
  acknowledged(type: TypeUrl, sinceChangeSeconds: number): void;
  /** A response was rejected, also one of several resources, which is sent again in parts. */
  rejected(type: TypeUrl): void;
  /** An answer to a response that another followed. */
  stale(type: TypeUrl): void;
  /** A proxy has acknowledged everything, so long after the change. */
  converged(sinceChangeSeconds: number): void;
  refused(reason: RefusalReason): void;
  /** Serving a proxy failed for a reason of our own. */
  failed(): void;
}

const nothing = (): void => undefined;

export const silentObserver: ServeObserver = {
  connected: () => nothing,
  sent: nothing,
  acknowledged: nothing,
  rejected: nothing,
  stale: nothing,
  converged: nothing,
  refused: nothing,
  failed: nothing,
};
