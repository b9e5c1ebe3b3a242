import { isIPv4, isIPv6 } from "node:net";
import type { CaptureAttribute } from "@meshwright/contract/capture-attribute";

/** Which ports' traffic goes through the proxy. */
export type PortCapture =
  | { readonly kind: "all"; readonly except: readonly number[] }
  | { readonly kind: "only"; readonly ports: readonly number[] };

/** Which destinations' traffic goes through the proxy. */
export type AddressCapture =
  | { readonly kind: "all"; readonly except: readonly Cidr[] }
  | { readonly kind: "only"; readonly cidrs: readonly Cidr[]; readonly except: readonly Cidr[] };

/** A range of addresses, as `198.18.0.0/15` or `fd00::/8`. */
export interface Cidr {
  readonly family: "ip" | "ip6";
  readonly text: string;
}

/** What of a pod's traffic goes through its proxy, with the meaning of Istio's `traffic.sidecar.istio.io/*`. */
export interface Capture {
  readonly inboundPorts: PortCapture;
  readonly outboundAddresses: AddressCapture;
  /** Captured whatever the address; an excluded port is not captured even so. */
  readonly includeOutboundPorts: readonly number[];
  readonly excludeOutboundPorts: readonly number[];
  /** Nameservers, by address, to which queries by UDP go through the proxy; nothing else of UDP does. */
  readonly nameservers: readonly string[];
}

/** All TCP and nothing else. */
export const captureEverything: Capture = readCapture({}, []);

/**
 * Reads the volume attribute, of which every range has been checked by `readCidr`; one that is none is left out.
 *
 * @param nameservers those of the node, by address
 */
export function readCapture(attribute: CaptureAttribute, nameservers: readonly string[]): Capture {
  const { includeInboundPorts, excludeInboundPorts = [], includeOutboundIPRanges } = attribute;
  const except = readCidrs(attribute.excludeOutboundIPRanges ?? []);
  return {
    inboundPorts:
      includeInboundPorts === undefined
        ? { kind: "all", except: excludeInboundPorts }
        : { kind: "only", ports: includeInboundPorts },
    outboundAddresses:
      includeOutboundIPRanges === undefined
        ? { kind: "all", except }
        : { kind: "only", cidrs: readCidrs(includeOutboundIPRanges), except },
    includeOutboundPorts: attribute.includeOutboundPorts ?? [],
    excludeOutboundPorts: attribute.excludeOutboundPorts ?? [],
    nameservers: attribute.dns === true ? nameservers : [],
  };
}

function readCidrs(texts: readonly string[]): readonly Cidr[] {
  return texts.flatMap((text) => readCidr(text) ?? []);
}

/** Reads a range of addresses; undefined when it is none. A single address is the range of itself. */
export function readCidr(text: string): Cidr | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const family = isIPv4(address) ? "ip" : isIPv6(address) && !address.includes("%") ? "ip6" : undefined;
  if (family === undefined || rest.length > 0) return undefined;
  const bits = length ?? (family === "ip" ? "32" : "128");
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (family === "ip" ? 32 : 128)) return undefined;
  return { family, text: `${address}/${Number(bits)}` };
}
