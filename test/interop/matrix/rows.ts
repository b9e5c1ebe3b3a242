import type { Row } from "./row.ts";
import { closed, type Line, skip, status, table } from "./table.ts";

const everywhere = ["permissive", "strict", "registry only"] as const;
const both = ["permissive", "strict"] as const;

/** Every protocol, over ports declared and not, as a server in the mesh sees it when the client is in the mesh too. */
const everyProtocol: readonly Line[] = [
  ["http", "HTTP/1.0", "HTTP/1.1"],
  ["http", "HTTP/1.1", "HTTP/1.1"],
  ["http", "60 KB of headers", "HTTP/1.1"],
  ["http", "70 KB of headers", status(431)],
  ["http", "kept-alive HTTP", "HTTP/1.1"],
  ["http", "WebSocket", "WebSocket"],
  ["http", "server-sent events", "HTTP/1.1"],
  ["http2", "HTTP/2", "HTTP/2.0"],
  ["http2", "HTTP/1.1", "HTTP/2.0"],
  ["grpc", "gRPC", "gRPC"],
  ["grpc", "gRPC stream", "gRPC"],
  ["tcp", "bytes", "bytes"],
  ["tcp", "half-close", "bytes"],
  ["tcp", "idle connection", "bytes"],
  ["tcp-web", "HTTP/1.0", "HTTP/1.0"],
  ["tcp-web", "HTTP/1.1", "HTTP/1.1"],
  ["tcp-web", "WebSocket", "WebSocket"],
  ["tls", "TLS", "TLS"],
  ["tls", "TLS with other ALPN", "TLS mqtt"],
  ["https", "TLS with ALPN", "TLS h2"],
  ["mysql", "MySQL", "mysql"],
  ["redis", "Redis", "redis"],
  ["mongo", "MongoDB", "mongodb"],
  ["tcp-nats", "NATS", "nats"],
  ["mail", "SMTP", "smtp"],
  ["postgres", "PostgreSQL", "postgres"],
  ["nats", "NATS", "nats"],
  ["web", "HTTP/1.0", "HTTP/1.1"],
  ["web", "HTTP/1.1", "HTTP/1.1"],
  ["web", "kept-alive HTTP", "HTTP/1.1"],
  ["web", "WebSocket", "WebSocket"],
  ["web", "server-sent events", "HTTP/1.1"],
  ["web-h2", "HTTP/2", "HTTP/2.0"],
  ["web-rpc", "gRPC", "gRPC"],
  ["web-rpc", "gRPC stream", "gRPC"],
  ["echo", "bytes", "bytes"],
  ["echo", "half-close", "bytes"],
  ["echo", "idle connection", "bytes"],
  ["secure", "TLS", "TLS"],
  ["secure", "TLS with ALPN", "TLS h2"],
  ["sql", "MySQL", "mysql"],
  ["cache", "Redis", "redis"],
  ["documents", "MongoDB", "mongodb"],
];

/** One of each kind of treatment: requests, bytes, the application's own TLS, silence; declared and not. */
const oneOfEach: readonly Line[] = [
  ["http", "HTTP/1.1", "HTTP/1.1"],
  ["http", "WebSocket", "WebSocket"],
  ["grpc", "gRPC stream", "gRPC"],
  ["tcp", "bytes", "bytes"],
  ["tcp", "half-close", "bytes"],
  ["tls", "TLS", "TLS"],
  ["mysql", "MySQL", "mysql"],
  ["web", "HTTP/1.1", "HTTP/1.1"],
  ["web-h2", "HTTP/2", "HTTP/2.0"],
  ["echo", "bytes", "bytes"],
  ["secure", "TLS with ALPN", "TLS h2"],
  ["sql", "MySQL", "mysql"],
];

const unnamed: readonly Line[] = [
  ["unnamed web", "HTTP/1.1", "HTTP/1.1"],
  ["unnamed echo", "bytes", "bytes"],
  ["unnamed tls", "TLS with ALPN", "TLS h2"],
];

const earlyHalfClose: readonly Line[] = [
  ["tcp", "early half-close", "bytes"],
  [
    "echo",
    "early half-close",
    skip("Envoy closes a connection whose client is done before Envoy has looked at it: declare the port's protocol"),
  ],
];

/** Whether the port's number has one listener for the HTTP of all Services. */
function isShared(port: Line[0]): boolean {
  return port === "http" || port === "grpc";
}

const bytesToHeadless = skip("issue 4: registry only lets requests through to a headless Service's pods, and no bytes");

const headlessInRegistryOnly: readonly Line[] = oneOfEach.map(([port, speak, seen]) => [
  port,
  speak,
  isShared(port) ? seen : bytesToHeadless,
]);

/** A listener that several Services share knows them by the request's host alone. */
const requestByAnotherName = skip("issue 4: a request whose host is no Service's own name is sent on without the mesh");

const byAnotherName: readonly Line[] = [
  ...oneOfEach.map(([port, speak, seen]): Line => [port, speak, isShared(port) ? requestByAnotherName : seen]),
  ["http", "HTTP for another host", requestByAnotherName],
  ["web", "HTTP for another host", "HTTP/1.1"],
];

const meshToMesh = [
  table({ from: "client", to: "web", via: "Service", peer: "client", modes: both }, [
    ...everyProtocol,
    ...earlyHalfClose,
  ]),
  table({ from: "client", to: "web", via: "Service", peer: "client", modes: ["registry only"] }, oneOfEach),
  table({ from: "client", to: "web", via: "short name", peer: "client", modes: both }, oneOfEach.slice(0, 4)),
  table({ from: "client", to: "web", via: "ClusterIP", peer: "client", modes: both }, oneOfEach.slice(0, 4)),
  table({ from: "client", to: "web", via: "ExternalName", peer: "client", modes: both }, byAnotherName),
  table({ from: "client", to: "web", via: "headless Service", peer: "client", modes: both }, oneOfEach),
  table({ from: "client", to: "web", via: "StatefulSet peer", peer: "client", modes: both }, oneOfEach),
  table(
    { from: "client", to: "web", via: "StatefulSet peer", peer: "client", modes: ["registry only"] },
    headlessInRegistryOnly,
  ),
  table({ from: "client", to: "web", via: "pod IP", peer: "client", modes: both }, [...oneOfEach, ...unnamed]),
  table({ from: "web", to: "web", via: "Service", peer: "web", modes: both }, oneOfEach),
  // What stays in the pod goes past the proxy, as it would without a mesh.
  table({ from: "web", to: "web", via: "pod IP", peer: "nobody", modes: both }, [...oneOfEach, ...unnamed]),
];

/** Nothing of the mesh touches datagrams. */
const datagrams: readonly Line[] = [["datagrams", "UDP", "UDP"]];

const besidesTheMesh = [
  table({ from: "client", to: "web", via: "pod IP", peer: "nobody", modes: everywhere }, datagrams),
  table({ from: "legacy", to: "web", via: "pod IP", peer: "nobody", modes: everywhere }, datagrams),
  table({ from: "client", to: "outside", via: "host name", peer: "nobody", modes: everywhere }, datagrams),
];

const outOfTheMesh = { peer: "nobody", modes: both } as const;

/** A sidecar takes plaintext for what it is in permissive mode, and refuses it in strict mode. */
const intoTheMesh = (way: Pick<Row, "from" | "to" | "via">, lines: readonly Line[]): readonly Row[] => [
  ...table({ ...way, peer: "nobody", modes: ["permissive"] }, lines),
  ...table({ ...way, peer: "nobody", modes: ["strict"], always: closed }, lines),
];

const published: readonly Line[] = [
  ["http", "HTTP/1.1", "HTTP/1.1"],
  ["http", "WebSocket", "WebSocket"],
  ["tcp", "bytes", "bytes"],
];

const meshToUnmeshed = [
  table({ from: "client", to: "legacy", via: "Service", ...outOfTheMesh }, everyProtocol),
  table({ from: "client", to: "legacy", via: "StatefulSet peer", ...outOfTheMesh }, oneOfEach),
  table({ from: "client", to: "legacy", via: "pod IP", ...outOfTheMesh }, [...oneOfEach, ...unnamed]),
];

const unmeshedToMesh = [
  intoTheMesh({ from: "legacy", to: "web", via: "Service" }, everyProtocol),
  intoTheMesh({ from: "legacy", to: "web", via: "StatefulSet peer" }, oneOfEach),
  intoTheMesh({ from: "legacy", to: "web", via: "pod IP" }, unnamed),
  intoTheMesh({ from: "legacy", to: "web", via: "node port" }, published),
  intoTheMesh({ from: "outside", to: "web", via: "node port" }, published),
  intoTheMesh({ from: "outside", to: "web", via: "host port" }, published),
  // The node's address is no pod's: the client's sidecar cannot know that a sidecar is behind it.
  intoTheMesh({ from: "client", to: "web", via: "node port" }, published),
  intoTheMesh({ from: "client", to: "web", via: "host port" }, published),
];

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

const meshToOutside = [
  table({ from: "client", to: "outside", via: "host name", peer: "nobody", modes: both }, abroad),
  table({ from: "client", to: "outside", via: "pod IP", peer: "nobody", modes: ["permissive"] }, unnamed),
  table({ from: "client", to: "outside", via: "ExternalName", peer: "nobody", modes: ["permissive"] }, abroad),
  table({ from: "client", to: "outside", via: "host name", peer: "nobody", modes: ["registry only"] }, abroadForbidden),
];

/** Every row of the matrix: who calls whom by which address, over which port, and what must come of it. */
export const rows: readonly Row[] = [
  ...meshToMesh,
  ...meshToUnmeshed,
  ...unmeshedToMesh,
  ...meshToOutside,
  ...besidesTheMesh,
].flat();
