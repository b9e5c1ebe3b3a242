import type { WorkloadIdentity } from "@meshwright/contract/identity";

/** Who asks, as the API server knows them. */
export interface Caller {
  readonly username: string;
  readonly groups: readonly string[];
  /** Empty when unknown, as from a certificate. */
  readonly uid: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What a caller may see. */
export type Access =
  | { readonly kind: "everything" }
  /** Proxies and objects of its own namespace. */
  | { readonly kind: "namespace"; readonly namespace: string };

const serviceAccountPattern = /^system:serviceaccount:([a-z0-9-]{1,63}):[a-z0-9.-]{1,253}$/;

/**
 * Returns the namespace of a caller that is a service account; undefined for people and nodes. Kubernetes reserves both the
 * prefix and the group, so that nobody else can have them.
 */
export function namespaceOf({ username, groups }: Caller): string | undefined {
  return groups.includes("system:serviceaccounts") ? serviceAccountPattern.exec(username)?.[1] : undefined;
}

/** The service account that a workload's certificate proves. */
export function callerOf({ namespace, serviceAccount }: WorkloadIdentity): Caller {
  return {
    username: `system:serviceaccount:${namespace}:${serviceAccount}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    uid: "",
    extra: {},
  };
}

/** Whether something of a namespace may be seen. */
export function maySee(access: Access, namespace: string): boolean {
  return access.kind === "everything" || access.namespace === namespace;
}
