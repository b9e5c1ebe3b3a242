import { ports } from "@meshwright/contract/ports";
import { contentOf, trafficOf } from "../../model/protocol.ts";
import type { ServicePort } from "../../model/service.ts";
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

/** What a listener has to know of the ports of one number that share it. */
export function sharedHttpPort(port: number, sharing: readonly ServicePort[]): SharedHttpPort {
  const content = sharing.some(({ protocol }) => contentOf(protocol) === "grpc") ? "grpc" : "http";
  return { port, content };
}
