/**
 * Which queries a sidecar answers: those to nameservers of these families. The node agent, which knows the node's
 * nameservers, says it in the bootstrap; the control plane gives the sidecar the listeners that belong to it.
 */
export type DnsCapture = "none" | "ipv4" | "ipv6" | "dual";

/** Key in Envoy's node metadata, the same as Istio's. */
export const dnsCaptureMetadata = "DNS_CAPTURE";

/** Cluster, in the bootstrap, that leads to the node's nameservers: what the mesh does not know is asked there. */
export const nameserverCluster = "nameserver";

/** Module of Envoy's, in the proxy's image, that answers the mesh's own names (`proxy/native/dns.c`). */
export const dnsModule = "meshwright_dns";
