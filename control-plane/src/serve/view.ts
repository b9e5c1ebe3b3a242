import type { SpiffeId, WorkloadIdentity } from "@meshwright/contract/identity";
import type { IpStack } from "@meshwright/contract/ip-stack";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";

/** A resource as it goes over the wire. Encoded once per change and shared, by reference, by every proxy that sees it. */
export interface EncodedResource {
  readonly name: string;
  /** Hash of the content, never empty: the same on every replica, so that a reconnect sends only differences. */
  readonly version: string;
  /** An encoded `envoy.service.discovery.v3.Resource` that carries the same name and version. */
  readonly bytes: Uint8Array;
  /**
   * The objects of which it is made, to be named when a proxy rejects it; none where it is made of settings alone. They are
   * no part of the bytes nor of the version: of what Services share, some may come and go while it stays the same. Proxies
   * share the resource, so that none pays for them.
   */
  readonly origins: readonly ObjectReference[];
  /** Who may have a secret; one that does not say so is sent to nobody. Resources of other types say nothing. */
  readonly audience?: "everyone" | SpiffeId;
}

/** A Kubernetes object by its name. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent on cluster-scoped objects. */
  readonly namespace?: string;
  readonly name: string;
}

/** Resources of one type by name. A map never changes after it was handed out: a change is a new map. */
export type ResourceMap = ReadonlyMap<string, EncodedResource>;

/**
 * Everything that one proxy may see, by type. A type whose resources did not change keeps its map: serving compares
 * maps by reference first, and what differs between two maps is worked out once for all proxies that share them.
 */
export type ProxyView = ReadonlyMap<TypeUrl, ResourceMap>;

/** What a proxy says of itself in the first request of its stream. Untrusted, unlike the peer's certificate. */
export interface ProxyNode {
  /** `sidecar~<pod IP>~<pod>.<namespace>~<namespace>.svc.<cluster domain>` */
  readonly id: string;
  readonly cluster: string;
  /** Envoy's version as `1.40.0`; empty when it gives none. */
  readonly envoyVersion: string;
  /** The sidecar's, as `v1.1.0`; absent when it gives none. */
  readonly version?: string;
  readonly traits: ProxyTraits;
}

/** What of a proxy's own words decides what it is shown. */
export interface ProxyTraits {
  readonly ipStack: IpStack;
  /** Whether it answers queries for names. */
  readonly capturesDns: boolean;
}

/** Why a proxy is not served; it retries on its own, with back-off. */
export interface Refused {
  readonly kind: "refused";
  /** `unavailable`: not yet known, as when the watch lags behind a new pod. `permissionDenied`: not its own node id. */
  readonly code: "invalidArgument" | "permissionDenied" | "unavailable";
  readonly message: string;
}

export interface Accepted {
  readonly kind: "accepted";
  current(): ProxyView;
  /**
   * Calls the listener after each change of `current()`, until the returned function is called. The proxy is a part of the
   * model until its last listener has left: whoever connects listens, and leaves in the end.
   */
  onChange(listener: () => void): () => void;
}

/** Where serving gets the proxies' views from. */
export interface ViewSource {
  /** Called once per stream; `peer` is proven by the client's certificate and must match what the node id claims. */
  connect(node: ProxyNode, peer: WorkloadIdentity): Accepted | Refused;
}
