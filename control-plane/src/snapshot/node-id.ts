/** What a proxy claims by its node id. */
export interface NodeClaim {
  readonly namespace: string;
  readonly pod: string;
}

/** Kubernetes names: DNS subdomain for pods, DNS label for namespaces. */
const pattern =
  /^(?:sidecar|router)~[0-9a-fA-F.:]+~([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)\.([a-z0-9-]{1,63})~([a-z0-9-]{1,63})\.svc\.[a-z0-9.-]+$/;

/**
 * Parses `sidecar~<pod IP>~<pod>.<namespace>~<namespace>.svc.<cluster domain>`, or the same of a gateway, which begins
 * with `router`; anything else is undefined.
 */
export function parseNodeId(id: string): NodeClaim | undefined {
  const [, pod, namespace, domainNamespace] = pattern.exec(id) ?? [];
  if (pod === undefined || namespace === undefined || domainNamespace !== namespace) return undefined;
  return { namespace, pod };
}
