import { ports } from "@meshwright/contract/ports";
import { trafficOf } from "../../model/protocol.ts";
import type { Service, ServicePort } from "../../model/service.ts";

/** Ports on which the sidecar itself listens on every address: a second listener there would be refused. */
const ownPorts: ReadonlySet<number> = new Set(Object.values(ports));

/** Whether a port's traffic goes through the one HTTP listener that all Services with this port number share. */
export function isSharedHttpPort({ port, protocol }: ServicePort): boolean {
  return trafficOf(protocol) === "http" && !ownPorts.has(port);
}

/** Port numbers that need a shared HTTP listener, ascending. */
export function sharedHttpPorts(services: readonly Service[]): readonly number[] {
  const wanted = services.flatMap((service) => service.ports.filter(isSharedHttpPort).map(({ port }) => port));
  return [...new Set(wanted)].toSorted((a, b) => a - b);
}
