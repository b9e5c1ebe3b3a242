import type { Pod } from "./pod.ts";
import type { PodSettings } from "./pod-settings.ts";

/** Policies that give a pod other nameservers than kubelet's, which are those whose queries are captured. */
const elsewhere = ["Default", "None"];

/**
 * Warns of a pod whose names stay uncaptured.
 * Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy
 */
export function dnsPolicyWarnings({ spec }: Pod, { capturesDns }: PodSettings): readonly string[] {
  const policy = spec.dnsPolicy ?? "ClusterFirst";
  if (!capturesDns || !elsewhere.includes(policy)) return [];
  return [
    `spec.dnsPolicy is "${policy}": the sidecar answers no names, since only queries to the cluster's DNS come to it; remove the policy`,
  ];
}
