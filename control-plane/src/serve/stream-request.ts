import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { ProxyNode } from "./view.ts";

/** What requests of both variants of the protocol have. */
export interface DiscoveryRequest {
  readonly type: TypeUrl;
  /** Nonce of the response that it answers; empty: it answers none. */
  readonly nonce: string;
  /** Why the response was rejected, in Envoy's words. */
  readonly error: string | undefined;
}

/** A request as it came: the node stands in the first one of a stream only. */
export type FromStream<Request> = Request & { readonly node: ProxyNode | undefined };
