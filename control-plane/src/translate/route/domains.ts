import { isIPv6 } from "node:net";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";
import { hostname } from "../names.ts";

/**
 * Every way in which a client of a namespace may write a Service's host: the names that the pod's DNS search list
 * completes, the absolute name, the Service's addresses, and the names of a headless Service's pods; each with and
 * without the port.
 * Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services
 *
 * @param addresses those of the Service's own by which it may be called
 */
export function serviceDomains(
  service: Service,
  port: number,
  fromNamespace: string,
  addresses: readonly string[],
  settings: MeshSettings,
): readonly string[] {
  const names = namesOf(service, fromNamespace, settings);
  return [...names, ...addresses.map(bracketed), ...podHosts(service, names)].flatMap((host) => [
    host,
    `${host}:${port}`,
  ]);
}

function namesOf(service: Service, fromNamespace: string, settings: MeshSettings): readonly string[] {
  const { name, namespace } = service;
  const full = hostname(service, settings);
  const short = fromNamespace === namespace ? [name] : [];
  return [full, `${full}.`, ...short, `${name}.${namespace}`, `${name}.${namespace}.svc`];
}

/** Names of a headless Service's pods stand in front of its own. */
function podHosts({ addressing }: Service, names: readonly string[]): readonly string[] {
  return addressing.kind === "headless" ? names.map((name) => `*.${name}`) : [];
}

/** An IPv6 address as it stands in a Host header. */
function bracketed(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}
