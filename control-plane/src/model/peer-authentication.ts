import type { MtlsMode } from "./mtls-mode.ts";

/**
 * A policy on what workloads accept.
 * Source: https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export interface PeerAuthentication {
  readonly name: string;
  /** When it was made, as RFC 3339 in UTC: the oldest policy of a scope is the one that holds. */
  readonly createdAt: string;
  readonly scope: PolicyScope;
  readonly mode: PolicyMode;
}

/** `inherit`: what the next wider scope says. */
export type PolicyMode = MtlsMode | "inherit";

export type PolicyScope =
  | { readonly kind: "mesh" }
  | { readonly kind: "namespace"; readonly namespace: string }
  | {
      readonly kind: "workload";
      readonly namespace: string;
      /** Labels that a pod must have; at least one. */
      readonly labels: Readonly<Record<string, string>>;
      /** By container port; `inherit`: as the workload's other ports. */
      readonly portModes: ReadonlyMap<number, PolicyMode>;
    };
