import { spiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import type { PeerCertificate } from "./peer.ts";
import type { Rejected, Subscription } from "./subscription.ts";
import type { ProxyNode, ProxyView } from "./view.ts";

/** A proxy connected to this replica, and how far it is. */
export interface ProxyStatus {
  readonly node: ProxyNode;
  readonly spiffeId: string;
  /** The certificate that its connection began with. */
  readonly certificate: PeerCertificate;
  readonly connectedSince: Date;
  readonly types: Readonly<Record<TypeUrl, TypeStatus>>;
  /** Versions of the secrets that it is proven to use, by name: that of the trust bundle tells which roots it trusts. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface TypeStatus {
  /** Nonce of the last response sent; empty: none yet. */
  readonly sent: string;
  /** Nonce of the last response acknowledged; empty: none yet. */
  readonly acked: string;
  /** How long the last response has been unanswered, in milliseconds; 0: it was answered, or none was sent. */
  readonly unansweredMs: number;
  /** Whether the proxy has acknowledged everything that it is to have, but for what it rejected. */
  readonly isSettled: boolean;
  /** What it rejects, by the resource's name. */
  readonly rejected: Readonly<Record<string, Rejected>>;
}

/** What the table is told of a proxy; it asks for the rest when it is asked. */
export interface Connected {
  readonly node: ProxyNode;
  readonly peer: WorkloadIdentity;
  readonly certificate: PeerCertificate;
  readonly connectedSince: Date;
  readonly subscriptions: ReadonlyMap<TypeUrl, Subscription>;
  readonly unansweredMs: (type: TypeUrl) => number;
  /** What it is to have now. */
  readonly view: () => ProxyView;
}

/** The proxies connected to this replica. */
export class ProxyTable {
  readonly #connected = new Set<Connected>();

  /** Adds a proxy until the returned function is called. */
  add(connected: Connected): () => void {
    this.#connected.add(connected);
    return () => this.#connected.delete(connected);
  }

  get size(): number {
    return this.#connected.size;
  }

  /** Everyone connected now; who comes or goes meanwhile may be missed. */
  connected(): readonly Connected[] {
    return [...this.#connected];
  }

  /** Statuses as they are now, sorted by node id. */
  statuses(): readonly ProxyStatus[] {
    return [...this.#connected].map(status).toSorted((a, b) => (a.node.id < b.node.id ? -1 : 1));
  }
}

function status({ node, peer, certificate, connectedSince, subscriptions, unansweredMs }: Connected): ProxyStatus {
  const types = [...subscriptions].map(([type, subscription]) => [type, typeStatus(subscription, unansweredMs(type))]);
  const secrets = subscriptions.get(typeUrls.secret)?.ackedVersions() ?? [];
  return {
    node,
    spiffeId: spiffeId(peer),
    certificate,
    connectedSince,
    types: Object.fromEntries(types),
    secrets: Object.fromEntries(secrets),
  };
}

function typeStatus({ sentNonce, ackedNonce, isSettled, rejected }: Subscription, unansweredMs: number): TypeStatus {
  return {
    sent: sentNonce ?? "",
    acked: ackedNonce ?? "",
    unansweredMs,
    isSettled,
    rejected: Object.fromEntries(rejected),
  };
}
