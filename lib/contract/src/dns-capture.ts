/**
 * Key in Envoy's node metadata, the same as Istio's, whose value `"true"` says that the sidecar answers queries for names:
 * the node agent writes it into the bootstrap, and the control plane sends the sidecar what it has to know for that.
 */
export const dnsCaptureMetadata = "DNS_CAPTURE";

/** Module of Envoy's, in the proxy's image, that answers the mesh's own names (`proxy/native/modules/dns.c`). */
export const dnsModule = "meshwright_dns";
