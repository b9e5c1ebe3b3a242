import type { Row } from "../row.ts";
import { closed, type Line, status, table } from "../table.ts";
import { unnamed } from "./lines.ts";

const both = ["permissive", "strict"] as const;

/** Hosts that no Service names: nothing is known of them but what the connection says. */
const abroad: readonly Line[] = [
  ["http", "HTTP/1.0", "HTTP/1.1"],
  ["http", "HTTP/1.1", "HTTP/1.1"],
  ["http", "WebSocket", "WebSocket"],
  ["https", "TLS with ALPN", "TLS h2"],
  ["tcp", "bytes", "bytes"],
  ["tcp", "half-close", "bytes"],
  ["mysql", "MySQL", "mysql"],
  ["web", "HTTP/1.1", "HTTP/1.1"],
  ["web-h2", "HTTP/2", "HTTP/2.0"],
  ["echo", "bytes", "bytes"],
  ...unnamed,
];

const abroadForbidden: readonly Line[] = abroad.map(([port, speak]) => [
  port,
  speak,
  port === "http" ? status(502) : closed,
]);

/** To a host that is no pod. */
export const meshToOutside: readonly Row[] = [
  table({ from: "client", to: "outside", via: "host name", peer: "nobody", modes: both }, abroad),
  table({ from: "client", to: "outside", via: "pod IP", peer: "nobody", modes: ["permissive"] }, unnamed),
  table({ from: "client", to: "outside", via: "ExternalName", peer: "nobody", modes: ["permissive"] }, abroad),
  table({ from: "client", to: "outside", via: "host name", peer: "nobody", modes: ["registry only"] }, abroadForbidden),
].flat();
