/**
 * Source addresses from which the sidecar calls its own application. The pod's redirect rules let them pass; any other
 * call of the proxy's to the pod's own address is a call to oneself, and goes through the inbound listener.
 *
 * Every network namespace has both by itself. A call to the pod's own IPv6 address that is not bound comes from that very
 * address, so `::1` is as telling as `127.0.0.6`, and Istio's `::6`, which has to be added to `lo`, is not needed.
 */
export const inboundSource = { ipv4: "127.0.0.6", ipv6: "::1" } as const;
