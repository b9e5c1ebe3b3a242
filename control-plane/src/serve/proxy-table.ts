import { spiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { Session } from "./session.ts";
import type { Rejected, Subscription } from "./subscription.ts";
import type { ProxyNode } from "./view.ts";

/** A proxy connected to this replica, and how far it is. */
export interface ProxyStatus {
  readonly node: ProxyNode;
  readonly spiffeId: string;
  readonly types: Readonly<Record<TypeUrl, TypeStatus>>;
}

export interface TypeStatus {
  /** Nonce of the last response sent; empty: none yet. */
  readonly sent: string;
  /** Nonce of the last response acknowledged; empty: none yet. */
  readonly acked: string;
  readonly rejected: Readonly<Record<string, Rejected>>;
}

/** The leaf certificate by which a proxy proved who it is. */
export interface PeerCertificate {
  /** Hex in lower case. */
  readonly serial: string;
  /** Distinguished name, as `O=cluster.local`. */
  readonly issuer: string;
}

/** A proxy that has a stream, as long as it has it. */
export interface Connected {
  readonly node: ProxyNode;
  readonly peer: WorkloadIdentity;
  readonly certificate: PeerCertificate;
  readonly session: Session;
  readonly connectedAt: Date;
  /** When the last response of each type was sent, by a clock that never goes back, in milliseconds. */
  readonly sentAtMs: ReadonlyMap<TypeUrl, number>;
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

function status({ node, peer, session }: Connected): ProxyStatus {
  const types = [...session.subscriptions].map(([type, subscription]) => [type, typeStatus(subscription)]);
  return { node, spiffeId: spiffeId(peer), types: Object.fromEntries(types) };
}

function typeStatus({ sentNonce, ackedNonce, rejected }: Subscription): TypeStatus {
  return { sent: sentNonce ?? "", acked: ackedNonce ?? "", rejected: Object.fromEntries(rejected) };
}
