import type { MtlsMode } from "../../model/mtls-mode.ts";
import type { Traffic } from "../../model/protocol.ts";
import { sniffedHttp } from "./listener-filters.ts";

/** How a filter chain's connections arrive. */
export type Security =
  /** Mesh mTLS, which the sidecar ends. */
  | "mesh"
  | "plaintext"
  /** TLS between the client and the application itself, which passes through. */
  | "applicationTls";

/** One of the filter chains of an inbound port. */
export interface InboundChain {
  readonly security: Security;
  readonly traffic: "http" | "tcp";
  /** Application protocols that it matches; empty: any. */
  readonly applicationProtocols: readonly string[];
}

/** What Envoy's HTTP pools offer; its TCP pools offer nothing. */
export const meshHttpAlpn = ["h2", "http/1.1"] as const;

/**
 * The filter chains of a port. Matching never backtracks from a port, so that every port has its full set. Strict ports
 * have no chain for what is not mesh mTLS: Envoy closes such connections.
 *
 * A change of mode adds or removes chains and leaves the others as they are, so that it cuts only what the new mode
 * forbids. Disabled ports keep the chains of mesh mTLS where they can: a client that has not yet heard of the change still
 * gets through.
 */
export function inboundChains(traffic: Traffic, mtls: MtlsMode): readonly InboundChain[] {
  if (isPlain(traffic, mtls)) return chains("plaintext", traffic, []);
  const mesh = chains("mesh", traffic, meshHttpAlpn);
  if (mtls === "strict") return mesh;
  return [
    ...mesh,
    ...chains("plaintext", traffic, sniffedHttp),
    { security: "applicationTls", traffic: "tcp", applicationProtocols: [] },
  ];
}

/**
 * Whether all that comes to a port is plaintext to the sidecar. Nobody waits there for what a client says first, of which
 * some say nothing: that is what people disable mTLS for.
 */
export function isPlain(traffic: Traffic, mtls: MtlsMode): boolean {
  return traffic === "tcp" && mtls === "disabled";
}

function chains(security: Security, traffic: Traffic, httpProtocols: readonly string[]): readonly InboundChain[] {
  if (traffic !== "auto") return [{ security, traffic, applicationProtocols: [] }];
  return [
    { security, traffic: "http", applicationProtocols: httpProtocols },
    { security, traffic: "tcp", applicationProtocols: [] },
  ];
}
