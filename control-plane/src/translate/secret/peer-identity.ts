import { spiffeId } from "@meshwright/contract/identity";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";

/** SPIFFE IDs that a server may present. */
export type PeerIdentity =
  | { readonly kind: "exact"; readonly uri: string }
  | { readonly kind: "prefix"; readonly uri: string };

/**
 * Who may answer for a Service: the accounts of its pods. A Service without pods expects its own namespace, never
 * anyone: its first pod may come before the next push.
 */
export function servicePeers(
  service: Service,
  serviceAccounts: readonly string[],
  { trustDomain }: MeshSettings,
): readonly PeerIdentity[] {
  const { namespace } = service;
  if (serviceAccounts.length === 0)
    return [{ kind: "prefix", uri: spiffeId({ trustDomain, namespace, serviceAccount: "" }) }];
  return serviceAccounts.map((serviceAccount) => ({
    kind: "exact",
    uri: spiffeId({ trustDomain, namespace, serviceAccount }),
  }));
}

/** Who may answer where only an address is known: anybody of the mesh. */
export function meshPeers({ trustDomain }: MeshSettings): readonly PeerIdentity[] {
  return [{ kind: "prefix", uri: `spiffe://${trustDomain}/` }];
}
