import type { SliceEndpoint, SlicePort } from "../../model/endpoint-slice.ts";
import type { Service, ServicePort } from "../../model/service.ts";
import type { Registry } from "../registry.ts";
import { type Endpoint, jsonArray, scopeOf } from "./endpoint.ts";
import { hostOf } from "./registryz.ts";

/**
 * The endpoints of every Service port, ready or not.
 * Source: `endpointzResponse`, https://github.com/istio/istio/blob/1.27.0/pilot/pkg/xds/debug.go
 */
export const endpointz: Endpoint = {
  path: "/debug/endpointz",
  help: "endpoints of each Service port that the control plane knows (?namespace=)",
  answer: (query, access, { registry, clusterDomain }) => {
    const scope = scopeOf(query, access);
    if (scope.kind === "refused") return scope;
    return jsonArray(ports(registry.services(scope.namespace), registry, clusterDomain()));
  },
};

function* ports(services: readonly Service[], registry: Registry, clusterDomain: string): Iterable<object> {
  for (const service of services)
    for (const port of service.ports)
      yield {
        svc: `${hostOf(service, clusterDomain)}:${port.name}`,
        ep: endpointsOf(service, port, registry).map((endpoint) => ({ endpoint })),
      };
}

function endpointsOf(service: Service, { name }: ServicePort, registry: Registry): readonly object[] {
  return registry.slicesOf(service).flatMap((slice) => {
    const port = slice.ports.find((candidate) => candidate.name === name);
    return port === undefined ? [] : slice.endpoints.map((endpoint) => describe(endpoint, port, service.namespace));
  });
}

function describe({ address, isReady, zone, target }: SliceEndpoint, port: SlicePort, namespace: string): object {
  return {
    Addresses: [address],
    EndpointPort: port.port,
    ServicePortName: port.name,
    Namespace: namespace,
    ...(target.kind === "pod" ? { WorkloadName: target.key.slice(target.key.indexOf("/") + 1) } : {}),
    Locality: { Label: zone },
    HealthStatus: isReady ? "Healthy" : "UnHealthy",
  };
}
