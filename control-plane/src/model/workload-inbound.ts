import { type InboundMtls, mtlsOfPort } from "./inbound-mtls.ts";
import type { WorkloadInbound } from "./inbound-port.ts";
import type { Protocol } from "./protocol.ts";
import { type Service, type ServicePort, serviceKey } from "./service.ts";
import type { Workload } from "./workload.ts";

/**
 * Says how a workload is served: by the ports on which it serves Services of its own namespace, and those that a policy
 * names.
 */
export function workloadInbound(workload: Workload, services: readonly Service[], mtls: InboundMtls): WorkloadInbound {
  const byPort = new Map<number, Protocol>(mtls.byPort.keys().map((port) => [port, "auto"]));
  for (const service of services.filter((candidate) => selects(candidate, workload)).toSorted(byKey)) {
    for (const { port, protocol } of service.ports.flatMap((servicePort) => resolve(servicePort, workload))) {
      const known = byPort.get(port) ?? "auto";
      // Two Services may disagree on what a port speaks: what was said outweighs what was not, then the name decides.
      if (known === "auto") byPort.set(port, protocol);
    }
  }
  const ports = [...byPort].map(([port, protocol]) => ({ port, protocol, mtls: mtlsOfPort(mtls, port) }));
  return { ports: ports.toSorted((a, b) => a.port - b.port), otherPorts: mtls.mode };
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

interface TargetPort {
  readonly port: number;
  readonly protocol: Protocol;
}

function resolve({ targetPort, protocol }: ServicePort, workload: Workload): readonly TargetPort[] {
  if (targetPort.kind === "number") return [{ port: targetPort.port, protocol }];
  const named = workload.ports.find(({ name }) => name === targetPort.name);
  return named === undefined ? [] : [{ port: named.port, protocol }];
}

function byKey(a: Service, b: Service): number {
  const [left, right] = [serviceKey(a), serviceKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
