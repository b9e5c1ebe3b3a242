/**
 * Source addresses from which the sidecar calls its own application. The pod's redirect rules let them pass; any other
 * call of the proxy's to the pod's own address is a call to oneself, and goes through the inbound listener.
 */
export const inboundSource = { ipv4: "127.0.0.6", ipv6: "::6" } as const;
