import { meshSniSuffix } from "@meshwright/contract/mesh-sni";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { Service } from "../model/service.ts";

/**
 * Names of Envoy resources, the same as Istio's: dashboards, `proxy-config` and habits depend on them.
 * Source: https://istio.io/latest/docs/ops/diagnostic-tools/proxy-cmd/
 */
export const clusterNames = {
  blackHole: "BlackHoleCluster",
  passthrough: "PassthroughCluster",
  inboundPassthrough: "InboundPassthroughCluster",
} as const;

export const listenerNames = { outbound: "virtualOutbound", inbound: "virtualInbound", dnsTable: "dnsTable" } as const;

/** Server name of mesh connections to a pod's own address. */
export const podSni = `pod.${meshSniSuffix}`;

/** What names of listeners on every address begin with, whether they listen on IPv6 too: as Istio's. */
export const anyAddress = "0.0.0.0";

/** Fully qualified name of a Service: `web.shop.svc.cluster.local`. */
export function hostname(service: Service, settings: MeshSettings): string {
  return `${service.name}.${service.namespace}.svc.${settings.clusterDomain}`;
}

export function outboundClusterName(service: Service, port: number, settings: MeshSettings): string {
  return `outbound|${port}||${hostname(service, settings)}`;
}

export function inboundClusterName(port: number): string {
  return `inbound|${port}||`;
}

/** Name of an outbound listener: `<address>_<port>`. */
export function listenerName(address: string, port: number): string {
  return `${address}_${port}`;
}

/** Route table of the shared HTTP listener of a port. */
export function httpRouteName(port: number): string {
  return String(port);
}

/** Route table of a port that belongs to one Service, because its protocol is found out per connection. */
export function sniffedRouteName(service: Service, port: number, settings: MeshSettings): string {
  return `${hostname(service, settings)}:${port}`;
}
