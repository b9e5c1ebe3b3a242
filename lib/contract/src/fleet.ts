/**
 * The fleet view: the proxies connected to one replica of the control plane, and how far each is. A replica serves it on its
 * debug port as JSON lines: one `replica`, a `proxy` for each, and an `end`, without which the answer was cut off. Lines, so
 * that neither side holds ten thousand proxies at once.
 */

/** Path of the fleet view; whoever may get this non-resource URL sees every namespace. */
export const fleetPath = "/fleet";

/** Content type of JSON lines. */
export const fleetContentType = "application/x-ndjson";

/** Audience of tokens that are good for the debug port and nothing else. */
export const debugAudience = "meshwright-debug";

export type FleetLine = FleetReplica | FleetProxy | FleetEnd;

/** Which replica speaks. */
export interface FleetReplica {
  readonly kind: "replica";
  /** Name of its pod. */
  readonly replica: string;
  readonly revision: string;
  /** Version of the control plane, as `v1.1.0`. */
  readonly version: string;
  /** Hash of the trust bundle that it gives to proxies. */
  readonly trustBundle: string;
}

/** One connected proxy. */
export interface FleetProxy {
  readonly kind: "proxy";
  /** Node id, as Envoy sends it. */
  readonly node: string;
  /** SPIFFE ID that its certificate proves. */
  readonly identity: string;
  readonly namespace: string;
  readonly pod: string;
  /** As `1.40.0`; empty when it says none. */
  readonly envoyVersion: string;
  /** The sidecar's, as `v1.1.0`; empty when it says none. */
  readonly version: string;
  /** Since when it is connected to this replica, RFC 3339. */
  readonly connectedAt: string;
  readonly certificate: FleetCertificate;
  /** Hash of the trust bundle that it has acknowledged; empty: none yet. */
  readonly trustBundle: string;
  /** By type URL of the resources that it subscribed to. */
  readonly types: Readonly<Record<string, FleetType>>;
}

/** The leaf certificate that a proxy showed when it connected. */
export interface FleetCertificate {
  /** Hex in lower case; empty when unknown, as are the others. */
  readonly serial: string;
  /** Distinguished name. */
  readonly issuer: string;
}

/** What a proxy was sent of one type of resource. */
export interface FleetType {
  /** Nonce of the last response; empty: none yet. */
  readonly sent: string;
  /** Nonce of the last response that it acknowledged; empty: none yet. */
  readonly acknowledged: string;
  /** How long the last response has been waiting for an answer, in milliseconds; 0 when nothing waits. A span and no time: clocks differ. */
  readonly waitingMs: number;
  /** Whether it has acknowledged everything that it is to have of this type, but for what it rejected. */
  readonly isSettled: boolean;
  /** At most `maxRejections`, sorted by resource. */
  readonly rejected: readonly FleetRejection[];
}

/** A resource that a proxy refused; it goes on with what it had. */
export interface FleetRejection {
  readonly resource: string;
  readonly version: string;
  /** The proxy's own words, at most `maxRejectionChars` characters. */
  readonly message: string;
  /** Objects of which the resource was made, at most `maxRejectionObjects`; none where it was made of settings alone. */
  readonly objects: readonly FleetObject[];
}

/** A Kubernetes object by its name. */
export interface FleetObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent on cluster-scoped objects. */
  readonly namespace?: string;
  readonly name: string;
}

export interface FleetEnd {
  readonly kind: "end";
  /** How many proxies were told. */
  readonly proxies: number;
}

/** A proxy that refuses everything must not make the view grow without bound. */
export const maxRejections = 20;
export const maxRejectionChars = 1000;

/** A route table is made of every Service on its port. */
export const maxRejectionObjects = 10;
