import type { Row } from "../row.ts";
import { closed, table } from "../table.ts";
import { everyProtocol, oneOfEach, unnamed, withoutPatience } from "./lines.ts";

const disabled = { peer: "nobody", modes: ["disabled"] } as const;
const meshed = { peer: "client", modes: ["by port"] } as const;
const plain = { peer: "nobody", modes: ["by port"] } as const;

/** Where PeerAuthentications say otherwise than the mesh; they are in `policies.ts`. */
export const byPolicy: readonly Row[] = [
  table({ from: "client", to: "web", via: "Service", ...disabled }, [...everyProtocol, ...withoutPatience]),
  table({ from: "client", to: "web", via: "StatefulSet peer", ...disabled }, oneOfEach),
  table({ from: "client", to: "web", via: "pod IP", ...disabled }, [...oneOfEach, ...unnamed]),
  table({ from: "legacy", to: "web", via: "Service", ...disabled }, [...everyProtocol, ...withoutPatience]),
  table({ from: "legacy", to: "web", via: "pod IP", ...disabled }, unnamed),
  table({ from: "web", to: "web", via: "Service", ...disabled }, oneOfEach),
  table({ from: "client", to: "legacy", via: "Service", ...disabled }, oneOfEach),

  table({ from: "client", to: "web", via: "Service", ...meshed }, [
    ["http", "HTTP/1.1", "HTTP/1.1"],
    ["tcp", "bytes", "bytes"],
    ["grpc", "gRPC", "gRPC"],
    ["web", "HTTP/1.1", "HTTP/1.1"],
    ["echo", "bytes", "bytes"],
  ]),
  table({ from: "client", to: "web", via: "Service", ...plain }, [
    ["http2", "HTTP/2", "HTTP/2.0"],
    ["tls", "TLS", "TLS"],
  ]),
  table({ from: "client", to: "web", via: "StatefulSet peer", ...meshed }, [
    ["http", "HTTP/1.1", "HTTP/1.1"],
    ["tcp", "bytes", "bytes"],
    ["web", "HTTP/1.1", "HTTP/1.1"],
  ]),
  table({ from: "client", to: "web", via: "StatefulSet peer", ...plain }, [
    ["http2", "HTTP/2", "HTTP/2.0"],
    ["tls", "TLS", "TLS"],
  ]),
  table({ from: "client", to: "web", via: "pod IP", ...meshed }, unnamed),
  table({ from: "legacy", to: "web", via: "Service", ...plain }, [
    ["http", "HTTP/1.1", "HTTP/1.1"],
    ["tcp", "bytes", "bytes"],
    ["http2", "HTTP/2", "HTTP/2.0"],
    ["tls", "TLS", "TLS"],
    ["grpc", "gRPC", closed],
    ["web", "HTTP/1.1", closed],
    ["mysql", "MySQL", closed],
  ]),
  table({ from: "legacy", to: "web", via: "pod IP", ...plain, always: closed }, unnamed),
].flat();
