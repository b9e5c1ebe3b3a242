import { spiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";
import type { Workload } from "../model/workload.ts";
import type { ProxyNode, Refused } from "../serve/view.ts";
import { parseNodeId } from "./node-id.ts";

/** Finds a pod by `namespace/name`. */
export type WorkloadLookup = (key: string) => Workload | undefined;

export type Admission = { readonly kind: "admitted"; readonly workload: Workload } | Refused;

/**
 * Decides whether a proxy may have the configuration of the pod that its node id names: its certificate must be that
 * of the pod's service account.
 */
export function admit(
  node: Pick<ProxyNode, "id">,
  peer: WorkloadIdentity,
  trustDomain: string,
  lookup: WorkloadLookup,
): Admission {
  const claim = parseNodeId(node.id);
  if (claim === undefined) return refused("invalidArgument", malformed(node.id));
  const key = `${claim.namespace}/${claim.pod}`;
  const proven = spiffeId(peer);
  // Before the look-up, so that nobody learns which pods other namespaces have.
  if (peer.namespace !== claim.namespace || peer.trustDomain !== trustDomain)
    return refused(
      "permissionDenied",
      `cannot serve Pod "${key}": ${wrongNamespace(proven, claim.namespace, trustDomain)}`,
    );
  const workload = lookup(key);
  if (workload === undefined) return refused("unavailable", `cannot serve Pod "${key}": it is not known yet`);
  if (workload.serviceAccount !== peer.serviceAccount)
    return refused("permissionDenied", `cannot serve Pod "${key}": ${wrongAccount(proven, workload)}`);
  return { kind: "admitted", workload };
}

function refused(code: Refused["code"], message: string): Refused {
  return { kind: "refused", code, message };
}

function malformed(id: string): string {
  const shown = JSON.stringify(id.slice(0, 200));
  return `cannot serve node ${shown}: its id must be "sidecar~<pod IP>~<pod>.<namespace>~<namespace>.svc.<cluster domain>"`;
}

function wrongNamespace(proven: string, namespace: string, trustDomain: string): string {
  const wanted = `spiffe://${trustDomain}/ns/${namespace}/sa/...`;
  return `the certificate is that of "${proven}", the node id needs one of "${wanted}"; connect with the pod's own certificate`;
}

function wrongAccount(proven: string, { serviceAccount }: Workload): string {
  return `the certificate is that of "${proven}", the pod runs as service account "${serviceAccount}"; connect with the pod's own certificate`;
}
