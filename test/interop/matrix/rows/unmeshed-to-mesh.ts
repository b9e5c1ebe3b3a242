import type { Row } from "../row.ts";
import { closed, type Line, table } from "../table.ts";
import { everyProtocol, oneOfEach, unnamed } from "./lines.ts";

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

/** From clients that have no sidecar, or whose sidecar cannot know the server. */
export const unmeshedToMesh: readonly Row[] = [
  intoTheMesh({ from: "legacy", to: "web", via: "Service" }, everyProtocol),
  // The server's sidecar waits five seconds for a client that says nothing, for it may be about to begin with TLS.
  intoTheMesh({ from: "legacy", to: "web", via: "Service" }, [["mysql", "MySQL without patience", closed]]),
  intoTheMesh({ from: "legacy", to: "web", via: "StatefulSet peer" }, oneOfEach),
  intoTheMesh({ from: "legacy", to: "web", via: "pod IP" }, unnamed),
  intoTheMesh({ from: "legacy", to: "web", via: "node port" }, published),
  intoTheMesh({ from: "outside", to: "web", via: "node port" }, published),
  intoTheMesh({ from: "outside", to: "web", via: "host port" }, published),
  // The node's address is no pod's: the client's sidecar cannot know that a sidecar is behind it.
  intoTheMesh({ from: "client", to: "web", via: "node port" }, published),
  intoTheMesh({ from: "client", to: "web", via: "host port" }, published),
].flat();
