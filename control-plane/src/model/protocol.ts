/** What a Service port says it carries. `auto`: nothing was said, so that each connection is looked at. */
export type Protocol =
  | "http"
  | "http2"
  | "grpc"
  | "grpc-web"
  | "https"
  | "tls"
  | "tcp"
  | "mongo"
  | "mysql"
  | "redis"
  | "auto";

/** How the proxies treat a port: as requests, as bytes, or as whichever of the two a connection begins with. */
export type Traffic = "http" | "tcp" | "auto";

const trafficByProtocol: Readonly<Record<Protocol, Traffic>> = {
  http: "http",
  http2: "http",
  grpc: "http",
  "grpc-web": "http",
  https: "tcp",
  tls: "tcp",
  tcp: "tcp",
  mongo: "tcp",
  mysql: "tcp",
  redis: "tcp",
  auto: "auto",
};

export function trafficOf(protocol: Protocol): Traffic {
  return trafficByProtocol[protocol];
}

/** What the requests of a port are, as far as it says. */
export function contentOf(protocol: Protocol): "http" | "grpc" {
  return protocol === "grpc" || protocol === "grpc-web" ? "grpc" : "http";
}

/** Whether a server of the protocol speaks HTTP/2 without an upgrade. */
export function isHttp2(protocol: Protocol): boolean {
  return protocol === "http2" || protocol === "grpc" || protocol === "grpc-web";
}
