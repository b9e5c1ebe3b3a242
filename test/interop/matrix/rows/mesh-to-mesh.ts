import type { Row } from "../row.ts";
import { type Line, skip, status, table } from "../table.ts";
import { everyProtocol, oneOfEach, unnamed, withoutPatience } from "./lines.ts";

const both = ["permissive", "strict"] as const;

const earlyHalfClose: readonly Line[] = [
  ["tcp", "early half-close", "bytes"],
  [
    "echo",
    "early half-close",
    skip("Envoy closes a connection whose client is done before Envoy has looked at it: declare the port's protocol"),
  ],
];

/** A listener that several Services share knows them by the request's host alone; what has another one is let through as it is. */
const foreignHost: Line = ["http", "HTTP for another host", "HTTP/1.1"];

const byAnotherName: readonly Line[] = [...oneOfEach, ["web", "HTTP for another host", "HTTP/1.1"]];

/** Between two pods with sidecars, and from a pod to itself. */
export const meshToMesh: readonly Row[] = [
  table({ from: "client", to: "web", via: "Service", peer: "client", modes: both }, [
    ...everyProtocol,
    ...withoutPatience,
    ...earlyHalfClose,
  ]),
  table({ from: "client", to: "web", via: "Service", peer: "client", modes: ["registry only"] }, oneOfEach),
  table({ from: "client", to: "web", via: "short name", peer: "client", modes: both }, oneOfEach.slice(0, 4)),
  table({ from: "client", to: "web", via: "ClusterIP", peer: "client", modes: both }, oneOfEach.slice(0, 4)),
  table({ from: "client", to: "web", via: "ExternalName", peer: "client", modes: both }, byAnotherName),
  table({ from: "client", to: "web", via: "ExternalName", peer: "nobody", modes: ["permissive"] }, [foreignHost]),
  table({ from: "client", to: "web", via: "ExternalName", peer: "nobody", modes: ["strict"], always: status(503) }, [
    foreignHost,
  ]),
  table({ from: "client", to: "web", via: "headless Service", peer: "client", modes: both }, oneOfEach),
  table({ from: "client", to: "web", via: "StatefulSet peer", peer: "client", modes: both }, oneOfEach),
  table({ from: "client", to: "web", via: "StatefulSet peer", peer: "client", modes: ["registry only"] }, oneOfEach),
  table({ from: "client", to: "web", via: "pod IP", peer: "client", modes: both }, [...oneOfEach, ...unnamed]),
  table({ from: "web", to: "web", via: "Service", peer: "web", modes: both }, oneOfEach),
  // What stays in the pod goes past the proxy, as it would without a mesh.
  table({ from: "web", to: "web", via: "pod IP", peer: "nobody", modes: both }, [...oneOfEach, ...unnamed]),
].flat();
