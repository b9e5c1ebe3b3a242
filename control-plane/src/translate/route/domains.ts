import { isIPv6 } from "node:net";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";
import { hostname } from "../names.ts";

/**
 * Every way in which a client of a namespace may write a Service's host: the names that the pod's DNS search list
 * completes, the absolute name, the Service's addresses, and the names of a headless Service's pods; each with and
 * without the port.
 * Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services
 */
export function serviceDomains(
  service: Service,
  port: number,
  fromNamespace: string,
  settings: MeshSettings,
): readonly string[] {
  const names = namesOf(service, fromNamespace, settings);
  return [...names, ...ownHosts(service, names)].flatMap((host) => [host, `${host}:${port}`]);
}

function namesOf(service: Service, fromNamespace: string, settings: MeshSettings): readonly string[] {
  const { name, namespace } = service;
  const full = hostname(service, settings);
  const short = fromNamespace === namespace ? [name] : [];
  return [full, `${full}.`, ...short, `${name}.${namespace}`, `${name}.${namespace}.svc`];
}

/** What only one kind of Service is called: by its addresses, or by a pod's name in front of its own. */
function ownHosts({ addressing }: Service, names: readonly string[]): readonly string[] {
  switch (addressing.kind) {
    case "virtual":
      return addressing.addresses.map(bracketed);
    case "headless":
      return names.map((name) => `*.${name}`);
    case "alias":
      return [];
  }
}

/** An IPv6 address as it stands in a Host header. */
function bracketed(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}
