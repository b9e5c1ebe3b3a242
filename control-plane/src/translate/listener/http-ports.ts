import { ports } from "@meshwright/contract/ports";
import { contentOf, trafficOf } from "../../model/protocol.ts";
import type { Service, ServicePort } from "../../model/service.ts";
import type { HttpContent } from "../metrics/http-metrics.ts";

/** Ports on which the sidecar itself listens on every address: a second listener there would be refused. */
const ownPorts: ReadonlySet<number> = new Set(Object.values(ports));

/** Whether a port's traffic goes through the one HTTP listener that all Services with this port number share. */
export function isSharedHttpPort({ port, protocol }: ServicePort): boolean {
  return trafficOf(protocol) === "http" && !ownPorts.has(port);
}

/** A port number with an HTTP listener that Services share. */
export interface SharedHttpPort {
  readonly port: number;
  /** `grpc` where one of the Services says so. */
  readonly content: HttpContent;
}

/** Says what the listener carries that Services share on a port. */
export function sharedHttpPort(port: number, services: readonly Service[]): SharedHttpPort {
  const shared = services.flatMap((service) => service.ports.filter((candidate) => candidate.port === port));
  const isGrpc = shared.some((candidate) => isSharedHttpPort(candidate) && contentOf(candidate.protocol) === "grpc");
  return { port, content: isGrpc ? "grpc" : "http" };
}
