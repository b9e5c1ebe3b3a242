import { isIPv6 } from "node:net";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { dnsCaptureMetadata, dnsModule } from "@meshwright/contract/dns-capture";
import { ports } from "@meshwright/contract/ports";
import { packAny } from "@meshwright/xds-api/any";
import { Cluster_DiscoveryType, type ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { RoutingPriority } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import type { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { DynamicModuleUdpListenerFilterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/udp/dynamic_modules/v3/dynamic_modules_pb";
import { RouteSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/udp/udp_proxy/v3/route_pb";
import { UdpProxyConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/udp/udp_proxy/v3/udp_proxy_pb";
import { udpAddress } from "./address.ts";
import { seconds } from "./duration.ts";

type Cluster = MessageInitShape<typeof ClusterSchema>;
type Listener = MessageInitShape<typeof ListenerSchema>;

/** Leads to the node's nameservers: what the mesh does not know is asked there. */
const clusterName = "nameserver";

/** Port of every nameserver in a resolv.conf. */
const nameserverPort = 53;

/** Each query has a socket of its own for a few seconds; Envoy's own limit of 1024 would drop queries of a busy client. */
const maxQueries = 16_384;

/** After this long without an answer resolvers ask anew, from another port. Source: resolv.conf(5), `timeout` */
const queryTimeoutSeconds = 5;

/** The largest datagram. No resolver asks for more than 4096 bytes (RFC 6891, 6.2.5); Envoy's own limit is 1500. */
const maxDatagramBytes = 4096n;

/** What of the node's metadata tells the control plane whether this sidecar answers queries for names. */
export function dnsMetadata(nameservers: readonly string[]): Readonly<Record<string, string>> {
  return nameservers.length === 0 ? {} : { [dnsCaptureMetadata]: "true" };
}

/** The cluster to which the sidecar hands the queries that it does not answer. */
export function nameserverClusters(nameservers: readonly string[]): readonly Cluster[] {
  if (nameservers.length === 0) return [];
  const lbEndpoints = nameservers.map((address) => {
    const endpoint = { case: "endpoint", value: { address: udpAddress(address, nameserverPort) } } as const;
    return { hostIdentifier: endpoint };
  });
  return [
    {
      name: clusterName,
      clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
      loadAssignment: { clusterName, endpoints: [{ lbEndpoints }] },
      circuitBreakers: { thresholds: [{ priority: RoutingPriority.DEFAULT, maxConnections: maxQueries }] },
    },
  ];
}

/**
 * The listeners to which the pod's rules bring its queries, on loopback, one for each address family of the nameservers: the
 * module answers what it knows, everything else goes unchanged to a nameserver, and its answer back. They never change:
 * what the module knows comes over xDS, apart from them.
 */
export function dnsListeners(nameservers: readonly string[]): readonly Listener[] {
  const six = nameservers.filter((address) => isIPv6(address)).length;
  return [
    ...(six < nameservers.length ? [dnsListener("dns", "127.0.0.1")] : []),
    ...(six > 0 ? [dnsListener("dns_ipv6", "::1")] : []),
  ];
}

function dnsListener(name: string, address: string): Listener {
  return {
    name,
    address: udpAddress(address, ports.dns),
    udpListenerConfig: { downstreamSocketConfig: { maxRxDatagramSize: maxDatagramBytes } },
    listenerFilters: [knownNames(), otherNames(name)],
  };
}

function knownNames() {
  const dynamicModuleConfig = { name: dnsModule };
  const value = packAny(DynamicModuleUdpListenerFilterSchema, { dynamicModuleConfig, filterName: "answer" });
  return { name: "envoy.filters.udp_listener.dynamic_modules", configType: { case: "typedConfig", value } } as const;
}

function otherNames(statPrefix: string) {
  const route = packAny(RouteSchema, { cluster: clusterName });
  const action = { case: "action", value: { name: "route", typedConfig: route } } as const;
  const value = packAny(UdpProxyConfigSchema, {
    statPrefix,
    idleTimeout: seconds(queryTimeoutSeconds),
    upstreamSocketConfig: { maxRxDatagramSize: maxDatagramBytes },
    routeSpecifier: { case: "matcher", value: { onNoMatch: { onMatch: action } } },
  });
  return { name: "envoy.filters.udp_listener.udp_proxy", configType: { case: "typedConfig", value } } as const;
}
