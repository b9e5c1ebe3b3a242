import type { Row } from "../row.ts";
import { type Line, skip, table } from "../table.ts";
import { everyProtocol, oneOfEach, unnamed } from "./lines.ts";

const both = ["permissive", "strict"] as const;

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

/** A listener that several Services share knows them by the request's host alone. */
const requestByAnotherName = skip("issue 4: a request whose host is no Service's own name is sent on without the mesh");

const byAnotherName: readonly Line[] = [
  ...oneOfEach.map(([port, speak, seen]): Line => [port, speak, isShared(port) ? requestByAnotherName : seen]),
  ["http", "HTTP for another host", requestByAnotherName],
  ["web", "HTTP for another host", "HTTP/1.1"],
];

/** Between two pods with sidecars, and from a pod to itself. */
export const meshToMesh: readonly Row[] = [
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
  table({ from: "client", to: "web", via: "StatefulSet peer", peer: "client", modes: ["registry only"] }, oneOfEach),
  table({ from: "client", to: "web", via: "pod IP", peer: "client", modes: both }, [...oneOfEach, ...unnamed]),
  table({ from: "web", to: "web", via: "Service", peer: "web", modes: both }, oneOfEach),
  // What stays in the pod goes past the proxy, as it would without a mesh.
  table({ from: "web", to: "web", via: "pod IP", peer: "nobody", modes: both }, [...oneOfEach, ...unnamed]),
].flat();
