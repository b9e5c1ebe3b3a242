/** A workload's SPIFFE ID in Istio's form. Source: https://istio.io/latest/docs/concepts/security/#istio-identity */
export type SpiffeId = `spiffe://${string}/ns/${string}/sa/${string}`;

/** Who a workload is: the identity that certificates carry and policies match. */
export interface WorkloadIdentity {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

export const defaultTrustDomain = "cluster.local";

/** Audience of the tokens by which a pod obtains its certificate. */
export const tokenAudience = "meshwright-ca";

export function spiffeId(identity: WorkloadIdentity): SpiffeId {
  return `spiffe://${identity.trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`;
}

const spiffePattern = /^spiffe:\/\/([a-z0-9._-]{1,255})\/ns\/([a-z0-9-]{1,63})\/sa\/([a-z0-9.-]{1,253})$/;

/** Parses a SPIFFE ID in Istio's form; anything else, also a longer path, is undefined. */
export function parseSpiffeId(uri: string): WorkloadIdentity | undefined {
  const [, trustDomain, namespace, serviceAccount] = spiffePattern.exec(uri) ?? [];
  if (trustDomain === undefined || namespace === undefined || serviceAccount === undefined) return undefined;
  return { trustDomain, namespace, serviceAccount };
}
