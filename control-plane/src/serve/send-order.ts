import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import type { Part } from "./batch.ts";

/** What must be done before a step may send. */
export type Condition =
  | { readonly kind: "always" }
  /** Every new cluster and its endpoints are acknowledged. */
  | { readonly kind: "clustersReady" }
  /** Nothing of these types is pending or unanswered. */
  | { readonly kind: "settled"; readonly types: readonly TypeUrl[] };

export interface SendStep {
  readonly type: TypeUrl;
  readonly part: Part;
  readonly when: Condition;
}

const always: Condition = { kind: "always" };
const clustersReady: Condition = { kind: "clustersReady" };
const settled = (...types: readonly TypeUrl[]): Condition => ({ kind: "settled", types });
const { cluster, endpoint, secret, listener, route } = typeUrls;

/**
 * The order is behaviour: make before break, so that no request meets a route without its cluster.
 * - endpoints never wait: an address that is gone costs requests.
 * - a listener's removals go with its updates: the one that replaces it may listen on the same address.
 * - clusters are removed last, when no listener and no route refers to them any more.
 *
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-docs/xds_protocol#eventual-consistency-considerations
 */
export const sendOrder: readonly SendStep[] = [
  { type: cluster, part: "updates", when: always },
  { type: endpoint, part: "updates", when: always },
  { type: secret, part: "all", when: always },
  { type: listener, part: "all", when: clustersReady },
  { type: route, part: "updates", when: clustersReady },
  { type: route, part: "removals", when: settled(listener) },
  { type: cluster, part: "removals", when: settled(listener, route) },
  { type: endpoint, part: "removals", when: settled(cluster) },
];
