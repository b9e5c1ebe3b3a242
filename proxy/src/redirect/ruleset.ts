import { isIPv6 } from "node:net";
import { inboundSource } from "@meshwright/contract/inbound-source";
import { ports, uncapturedInboundPorts } from "@meshwright/contract/ports";
import { proxyUid } from "@meshwright/contract/volume";
import type { Capture, Cidr } from "./capture.ts";

/** nftables rules as data. */
export interface Ruleset {
  /** One table of family `inet`, for IPv4 and IPv6 alike. */
  readonly table: string;
  readonly chains: readonly Chain[];
}

export interface Chain {
  readonly name: string;
  /** Where the kernel enters the chain; absent on a chain that only others go to. */
  readonly hook?: Hook;
  readonly rules: readonly Rule[];
}

export interface Hook {
  /** `nat` decides where a connection goes, once; `filter` sees each packet, before its connection is looked up. */
  readonly type: "nat" | "filter";
  readonly name: "output" | "prerouting";
}

/** A packet that fits all matches meets the verdict. */
export interface Rule {
  /** Expressions of nft. */
  readonly matches: readonly string[];
  readonly verdict: Verdict;
}

export type Verdict =
  /** Leaves the packet alone. */
  | { readonly kind: "return" }
  | { readonly kind: "goto"; readonly chain: string }
  /** Keeps the packet out of connection tracking, and so out of every redirect. */
  | { readonly kind: "notrack" }
  /** Sends the connection to a port of this host. */
  | { readonly kind: "redirect"; readonly port: number };

/** Sources that mark what the proxy hands to the application: they must not come back to the proxy. */
const passthroughSources: readonly Cidr[] = [
  { family: "ip", text: inboundSource.ipv4 },
  { family: "ip6", text: inboundSource.ipv6 },
];

const loopback: readonly Cidr[] = [
  { family: "ip", text: "127.0.0.0/8" },
  { family: "ip6", text: "::1" },
];

const leave: Verdict = { kind: "return" };
const toOutbound: Verdict = { kind: "redirect", port: ports.outbound };
const toInbound: Verdict = { kind: "redirect", port: ports.inbound };
const toDns: Verdict = { kind: "redirect", port: ports.dns };
const untracked: Verdict = { kind: "notrack" };
const toProxyChain: Verdict = { kind: "goto", chain: "from_proxy" };
const anyTcp = "meta l4proto tcp";

/** The rules that bring a pod's TCP traffic, and its queries for names where that is wanted, to its proxy. */
export function redirectRules(capture: Capture): Ruleset {
  return {
    table: "meshwright",
    chains: [
      ...nameserverChains(capture),
      { name: "output", hook: { type: "nat", name: "output" }, rules: outputRules(capture) },
      { name: "from_proxy", rules: proxyRules() },
      { name: "prerouting", hook: { type: "nat", name: "prerouting" }, rules: preroutingRules(capture) },
    ],
  };
}

/**
 * The proxy hands on what it does not answer. Its query may have the source port that an application's had a moment ago,
 * and would then be taken for one of that connection and come back.
 */
function nameserverChains({ nameservers }: Capture): readonly Chain[] {
  if (nameservers.length === 0) return [];
  const queries = nameservers.map((address) => rule([`meta skuid ${proxyUid}`, ...toNameserver(address)], untracked));
  const answers = nameservers.map((address) => rule([fromAddress(address), "udp sport 53"], untracked));
  return [
    { name: "nameserver_queries", hook: { type: "filter", name: "output" }, rules: queries },
    { name: "nameserver_answers", hook: { type: "filter", name: "prerouting" }, rules: answers },
  ];
}

/**
 * Order is behaviour: the proxy's own traffic is decided before anything else, else it would loop; what stays on the
 * loopback interface is the application talking to itself and needs no proxy.
 */
function outputRules(capture: Capture): readonly Rule[] {
  return [
    rule([`meta skuid ${proxyUid}`], toProxyChain),
    rule([`meta skgid ${proxyUid}`], toProxyChain),
    ...capture.nameservers.map((address) => rule(toNameserver(address), toDns)),
    rule([`oifname "lo"`], leave),
    ...onPorts(capture.excludeOutboundPorts, leave),
    ...onPorts(capture.includeOutboundPorts, toOutbound),
    ...capture.outboundAddresses.except.map((cidr) => rule([destination(cidr)], leave)),
    ...capturedAddresses(capture),
  ];
}

function capturedAddresses({ outboundAddresses }: Capture): readonly Rule[] {
  if (outboundAddresses.kind === "all") return [rule([anyTcp], toOutbound)];
  return outboundAddresses.cidrs.map((cidr) => rule([destination(cidr), anyTcp], toOutbound));
}

/**
 * The proxy reaches the pod itself in two ways. For a call of the application to its own Service the proxy is the client
 * and the pod's address the server: that goes to the inbound side like a call from anywhere. What the inbound side hands
 * to the application comes from 127.0.0.6 and goes through.
 */
function proxyRules(): readonly Rule[] {
  return [
    rule([`oifname != "lo"`], leave),
    ...passthroughSources.map((cidr) => rule([`${cidr.family} saddr ${cidr.text}`], leave)),
    ...loopback.map((cidr) => rule([destination(cidr)], leave)),
    ...onPorts(uncapturedInboundPorts, leave),
    rule([anyTcp], toInbound),
  ];
}

function preroutingRules({ inboundPorts }: Capture): readonly Rule[] {
  // Decided on its way out already.
  const local = rule([`iifname "lo"`], leave);
  const uncaptured = onPorts(uncapturedInboundPorts, leave);
  if (inboundPorts.kind === "only") return [local, ...uncaptured, ...onPorts(inboundPorts.ports, toInbound)];
  return [local, ...uncaptured, ...onPorts(inboundPorts.except, leave), rule([anyTcp], toInbound)];
}

function rule(matches: readonly string[], verdict: Verdict): Rule {
  return { matches, verdict };
}

/** Sorted and without duplicates: nft refuses a set that names a port twice. */
function onPorts(numbers: readonly number[], verdict: Verdict): readonly Rule[] {
  const distinct = [...new Set(numbers)].toSorted((a, b) => a - b);
  return distinct.length === 0 ? [] : [rule([`tcp dport { ${distinct.join(", ")} }`], verdict)];
}

/** By TCP come the answers that were too large for UDP: those are the nameserver's own. */
function toNameserver(address: string): readonly string[] {
  return [`${family(address)} daddr ${address}`, "udp dport 53"];
}

function fromAddress(address: string): string {
  return `${family(address)} saddr ${address}`;
}

function family(address: string): Cidr["family"] {
  return isIPv6(address) ? "ip6" : "ip";
}

function destination(cidr: Cidr): string {
  return `${cidr.family} daddr ${cidr.text}`;
}
