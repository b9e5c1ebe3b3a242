import type { Service } from "../../model/service.ts";
import { type Endpoint, jsonArray, scopeOf } from "./endpoint.ts";

/**
 * The Services that the control plane knows.
 * Source: `Service`, https://github.com/istio/istio/blob/1.27.0/pilot/pkg/model/service.go
 */
export const registryz: Endpoint = {
  path: "/debug/registryz",
  help: "Services that the control plane knows (?namespace=)",
  answer: (query, access, { registry, clusterDomain }) => {
    const scope = scopeOf(query, access);
    if (scope.kind === "refused") return scope;
    const services = registry.services(scope.namespace);
    return jsonArray(services.map((service) => describe(service, clusterDomain())));
  },
};

/** Name of a Service in DNS. */
export function hostOf({ namespace, name }: Service, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

function describe(service: Service, clusterDomain: string): object {
  const { namespace, name, ports, selector, addressing } = service;
  const addresses = addressing.kind === "virtual" ? addressing.addresses : [];
  return {
    Attributes: { ServiceRegistry: "Kubernetes", Name: name, Namespace: namespace, LabelSelectors: selector },
    hostname: hostOf(service, clusterDomain),
    ports: ports.map(({ name: portName, port, protocol }) => ({ name: portName, port, protocol })),
    clusterVIPs: { Addresses: { Kubernetes: addresses } },
    ...(addressing.kind === "alias" ? { externalName: addressing.host } : {}),
  };
}
