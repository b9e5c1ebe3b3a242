import { type Line, status } from "../table.ts";

/** Every protocol, over ports declared and not, as a server in the mesh sees it when the client is in the mesh too. */
export const everyProtocol: readonly Line[] = [
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

/** What nobody waits for where a sidecar has not to look whether the client begins with TLS. */
export const withoutPatience: readonly Line[] = [["mysql", "MySQL without patience", "mysql"]];

/** One of each kind of treatment: requests, bytes, the application's own TLS, silence; declared and not. */
export const oneOfEach: readonly Line[] = [
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

/** Ports that no Service names: the proxies look at what the connection begins with. */
export const unnamed: readonly Line[] = [
  ["unnamed web", "HTTP/1.1", "HTTP/1.1"],
  ["unnamed echo", "bytes", "bytes"],
  ["unnamed tls", "TLS with ALPN", "TLS h2"],
];
