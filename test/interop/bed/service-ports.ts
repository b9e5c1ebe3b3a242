import type { ServerName } from "../programs/catalog.ts";

/** A port of the Services, and what listens behind it. */
export interface ServicePort {
  /** As the Service declares it: up to the first dash the protocol, where it is one. */
  readonly name: string;
  readonly port: number;
  /** The container's port. */
  readonly targetPort: number;
  readonly serves: ServerName;
}

/** Ports that every Service of the bed has: declared in every way, and not declared at all. */
export const servicePorts = [
  { name: "http", port: 80, targetPort: 8080, serves: "http" },
  { name: "http2", port: 81, targetPort: 8081, serves: "h2c" },
  { name: "grpc", port: 90, targetPort: 9090, serves: "grpc" },
  { name: "tcp", port: 9000, targetPort: 9000, serves: "bytes" },
  { name: "tcp-web", port: 9001, targetPort: 9001, serves: "http" },
  { name: "tls", port: 9443, targetPort: 9443, serves: "tls" },
  { name: "https", port: 443, targetPort: 8443, serves: "tls" },
  { name: "mysql", port: 3306, targetPort: 3306, serves: "mysql" },
  { name: "redis", port: 6379, targetPort: 6379, serves: "redis" },
  { name: "mongo", port: 27017, targetPort: 27017, serves: "mongo" },
  { name: "tcp-nats", port: 4223, targetPort: 4223, serves: "nats" },
  // Not a protocol's name, but the number of one in which the server speaks first.
  { name: "mail", port: 25, targetPort: 2525, serves: "smtp" },
  // Nothing is said of these: the proxies look at what the connection begins with.
  { name: "postgres", port: 5432, targetPort: 5432, serves: "postgres" },
  { name: "nats", port: 4222, targetPort: 4222, serves: "nats" },
  { name: "web", port: 7000, targetPort: 7000, serves: "http" },
  { name: "web-h2", port: 7001, targetPort: 7001, serves: "h2c" },
  { name: "web-rpc", port: 7002, targetPort: 7002, serves: "grpc" },
  { name: "echo", port: 7003, targetPort: 7003, serves: "bytes" },
  { name: "secure", port: 7004, targetPort: 7004, serves: "tls" },
  { name: "sql", port: 7005, targetPort: 7005, serves: "mysql" },
  { name: "cache", port: 7006, targetPort: 7006, serves: "redis" },
  { name: "documents", port: 7007, targetPort: 7007, serves: "mongo" },
] as const satisfies readonly ServicePort[];

/** Ports that the pods listen on and no Service names. */
export const unnamedPorts = [
  { name: "unnamed web", port: 8099, targetPort: 8099, serves: "http" },
  { name: "unnamed echo", port: 9099, targetPort: 9099, serves: "bytes" },
  { name: "unnamed tls", port: 9444, targetPort: 9444, serves: "tls" },
  { name: "datagrams", port: 5300, targetPort: 5300, serves: "udp" },
] as const satisfies readonly ServicePort[];

export type PortName = (typeof servicePorts | typeof unnamedPorts)[number]["name"];

/** Errors: throws when there is no such port. */
export function servicePort(name: PortName): ServicePort {
  const found = [...servicePorts, ...unnamedPorts].find((port) => port.name === name);
  if (found === undefined) throw new Error(`cannot find port "${name}" of the interop bed`);
  return found;
}
