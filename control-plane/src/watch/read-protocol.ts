import type { Protocol } from "../model/protocol.ts";

/** Source: https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol */
const standardAppProtocols: Readonly<Record<string, Protocol>> = {
  "kubernetes.io/h2c": "http2",
  "kubernetes.io/ws": "http",
  "kubernetes.io/wss": "https",
};

const named: ReadonlySet<string> = new Set<Protocol>([
  "http",
  "http2",
  "grpc",
  "https",
  "tls",
  "tcp",
  "mongo",
  "mysql",
  "redis",
]);

/** Ports of protocols in which the server speaks first, so that waiting for the client's first bytes never ends. */
const serverFirstPorts: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/**
 * Says what a Service port carries: `appProtocol` decides, else the port's name up to its first dash, else it is `auto`.
 * Source: https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
export function readProtocol(port: number, name: string, appProtocol: string | undefined): Protocol {
  const standard = standardAppProtocols[appProtocol ?? ""];
  if (standard !== undefined) return standard;
  const text = (appProtocol ?? name).toLowerCase();
  if (text === "grpc-web" || text.startsWith("grpc-web-")) return "grpc-web";
  const prefix = text.split("-", 1).join("");
  if (isNamed(prefix)) return prefix;
  return serverFirstPorts.has(port) ? "tcp" : "auto";
}

function isNamed(prefix: string): prefix is Protocol {
  return named.has(prefix);
}
