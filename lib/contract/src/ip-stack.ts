/** What a node's kernel speaks: IPv4 alone, or IPv6 too. Where it speaks IPv6, also a pod without IPv6 addresses can listen on `::`. */
export type IpStack = "ipv4" | "dual";

/**
 * Key in the metadata of Envoy's node under which the bootstrap says the stack: an Envoy on a kernel without IPv6 refuses
 * whatever names an IPv6 address, and one on any other listens on all addresses of both families by one socket.
 */
export const ipStackMetadata = "IP_STACK";

/** Reads a node's metadata. Untrusted; what says nothing, as a bootstrap of an earlier agent, speaks IPv4 alone. */
export function readIpStack(metadata: Readonly<Record<string, unknown>> | undefined): IpStack {
  return metadata?.[ipStackMetadata] === "dual" ? "dual" : "ipv4";
}
