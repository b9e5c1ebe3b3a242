import type { Row } from "../row.ts";
import { closed, type Line, table } from "../table.ts";
import { everyProtocol, oneOfEach, unnamed, withoutPatience } from "./lines.ts";

const both = ["permissive", "strict"] as const;
const meshed = { from: "client", to: "web", peer: "client", modes: both } as const;
const outOfTheMesh = { from: "client", to: "legacy", peer: "nobody", modes: both } as const;

const datagrams: readonly Line[] = [["datagrams", "UDP", "UDP"]];

const intoTheMesh = (via: Row["via"], lines: readonly Line[]): readonly Row[] => [
  ...table({ from: "legacy", to: "web", via, peer: "nobody", modes: ["permissive"] }, lines),
  ...table({ from: "legacy", to: "web", via, peer: "nobody", modes: ["strict"], always: closed }, lines),
];

/** The same as over IPv4, where the client connects to an IPv6 address. */
export const overIpv6: readonly Row[] = [
  table({ ...meshed, via: "IPv6-only Service" }, [...everyProtocol, ...withoutPatience]),
  table({ ...meshed, via: "IPv6-only Service", modes: ["registry only"] }, oneOfEach),
  table({ ...meshed, via: "IPv6 ClusterIP" }, oneOfEach),
  table({ ...meshed, via: "IPv6 StatefulSet peer" }, oneOfEach),
  table({ ...meshed, via: "IPv6 pod IP" }, [...oneOfEach, ...unnamed]),
  table({ from: "web", to: "web", via: "IPv6-only Service", peer: "web", modes: both }, oneOfEach),
  table({ from: "web", to: "web", via: "IPv6 pod IP", peer: "nobody", modes: both }, [...oneOfEach, ...unnamed]),

  table({ ...outOfTheMesh, via: "IPv6-only Service" }, oneOfEach),
  table({ ...outOfTheMesh, via: "IPv6 StatefulSet peer" }, oneOfEach),
  table({ ...outOfTheMesh, via: "IPv6 pod IP" }, unnamed),
  table({ from: "client", to: "outside", via: "IPv6 pod IP", peer: "nobody", modes: ["permissive"] }, unnamed),

  intoTheMesh("IPv6-only Service", oneOfEach),
  intoTheMesh("IPv6 pod IP", unnamed),

  table({ from: "client", to: "web", via: "IPv6 pod IP", peer: "nobody", modes: both }, datagrams),
].flat();
