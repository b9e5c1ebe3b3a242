import { isIPv6 } from "node:net";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type DnsCapture, dnsCaptureMetadata, nameserverCluster } from "@meshwright/contract/dns-capture";
import { Cluster_DiscoveryType, type ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { SocketAddress_Protocol } from "@meshwright/xds-api/gen/envoy/config/core/v3/address_pb";
import { type NodeSchema, RoutingPriority } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";

/** Port of every nameserver in a resolv.conf. */
const nameserverPort = 53;

/** Each query has a socket of its own for a few seconds; Envoy's own limit of 1024 would drop queries of a busy client. */
const maxQueries = 16_384;

/** Tells the control plane that this sidecar answers queries for names. */
export function dnsNode(nameservers: readonly string[]): MessageInitShape<typeof NodeSchema> {
  return { metadata: { [dnsCaptureMetadata]: families(nameservers) } };
}

/** The cluster to which the sidecar hands the queries that it does not answer. */
export function nameserverClusters(nameservers: readonly string[]): readonly MessageInitShape<typeof ClusterSchema>[] {
  if (nameservers.length === 0) return [];
  return [
    {
      name: nameserverCluster,
      clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
      loadAssignment: { clusterName: nameserverCluster, endpoints: [{ lbEndpoints: nameservers.map(endpoint) }] },
      circuitBreakers: { thresholds: [{ priority: RoutingPriority.DEFAULT, maxConnections: maxQueries }] },
    },
  ];
}

function families(nameservers: readonly string[]): DnsCapture {
  const six = nameservers.filter((address) => isIPv6(address)).length;
  if (six === 0) return "ipv4";
  return six === nameservers.length ? "ipv6" : "dual";
}

function endpoint(address: string) {
  const portSpecifier = { case: "portValue", value: nameserverPort } as const;
  const value = { address, portSpecifier, protocol: SocketAddress_Protocol.UDP };
  return {
    hostIdentifier: { case: "endpoint", value: { address: { address: { case: "socketAddress", value } } } },
  } as const;
}
