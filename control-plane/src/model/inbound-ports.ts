import type { InboundPort } from "./inbound-port.ts";
import { type Service, type ServicePort, serviceKey } from "./service.ts";
import type { Workload } from "./workload.ts";

/** Ports on which a workload serves Services, in ascending order; Services of other namespaces do not count. */
export function inboundPorts(workload: Workload, services: readonly Service[]): readonly InboundPort[] {
  const byPort = new Map<number, InboundPort>();
  for (const service of services.filter((candidate) => selects(candidate, workload)).toSorted(byKey)) {
    for (const { port, protocol } of service.ports.flatMap((servicePort) => resolve(servicePort, workload))) {
      const known = byPort.get(port);
      // Two Services may disagree on what a port speaks: what was said outweighs what was not, then the name decides.
      if (known === undefined || (known.protocol === "auto" && protocol !== "auto"))
        byPort.set(port, { port, protocol });
    }
  }
  return [...byPort.values()].toSorted((a, b) => a.port - b.port);
}

/** Whether a pod is behind a Service. */
export function selects(service: Service, workload: Workload): boolean {
  const wanted = Object.entries(service.selector);
  return (
    service.namespace === workload.namespace &&
    wanted.length > 0 &&
    wanted.every(([label, value]) => workload.labels[label] === value)
  );
}

function resolve({ targetPort, protocol }: ServicePort, workload: Workload): readonly InboundPort[] {
  if (targetPort.kind === "number") return [{ port: targetPort.port, protocol }];
  const named = workload.ports.find(({ name }) => name === targetPort.name);
  return named === undefined ? [] : [{ port: named.port, protocol }];
}

function byKey(a: Service, b: Service): number {
  const [left, right] = [serviceKey(a), serviceKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
