import { ports } from "@meshwright/contract/ports";
import { trafficOf } from "../../model/protocol.ts";
import type { ServicePort } from "../../model/service.ts";

/** Ports on which the sidecar itself listens on every address: a second listener there would be refused. */
const ownPorts: ReadonlySet<number> = new Set(Object.values(ports));

/** Whether a port's traffic goes through the one HTTP listener that all Services with this port number share. */
export function isSharedHttpPort({ port, protocol }: ServicePort): boolean {
  return trafficOf(protocol) === "http" && !ownPorts.has(port);
}
