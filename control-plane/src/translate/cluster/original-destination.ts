import { create } from "@bufbuild/protobuf";
import { inboundSource } from "@meshwright/contract/inbound-source";
import {
  type Cluster,
  ClusterSchema,
  Cluster_DiscoveryType as DiscoveryType,
  Cluster_LbPolicy as LbPolicy,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import type { InboundPort } from "../../model/inbound-port.ts";
import type { Protocol } from "../../model/protocol.ts";
import { clusterNames, inboundClusterName } from "../names.ts";
import { unlimited } from "./circuit-breakers.ts";
import { connectTimeout } from "./outbound.ts";
import { inboundProtocolOptions } from "./protocol-options.ts";

/** Translates the way out for destinations that are no Service: to wherever the client meant to go. */
export function translatePassthroughCluster(): Cluster {
  return create(ClusterSchema, originalDestination(clusterNames.passthrough, "auto"));
}

/** Translates the cluster that refuses: it never has an endpoint. */
export function translateBlackHoleCluster(): Cluster {
  return create(ClusterSchema, {
    name: clusterNames.blackHole,
    clusterDiscoveryType: { case: "type", value: DiscoveryType.STATIC },
    connectTimeout,
  });
}

/**
 * Translates the clusters that reach the workload's own application: one per port that a Service names, and one for all
 * other ports. They go to the pod's own address, which the connection was meant for, so that an application bound to it
 * and not to loopback is reached too.
 */
export function translateInboundClusters(ports: readonly InboundPort[]): readonly Cluster[] {
  return [
    ...ports.map(({ port, protocol }) => inbound(inboundClusterName(port), protocol)),
    inbound(clusterNames.inboundPassthrough, "auto"),
  ];
}

function inbound(name: string, protocol: Protocol): Cluster {
  return create(ClusterSchema, {
    ...originalDestination(name, protocol),
    upstreamBindConfig: {
      sourceAddress: { address: inboundSource.ipv4, portSpecifier: { case: "portValue", value: 0 } },
    },
  });
}

function originalDestination(name: string, protocol: Protocol) {
  return {
    name,
    clusterDiscoveryType: { case: "type", value: DiscoveryType.ORIGINAL_DST },
    lbPolicy: LbPolicy.CLUSTER_PROVIDED,
    connectTimeout,
    circuitBreakers: unlimited(),
    typedExtensionProtocolOptions: inboundProtocolOptions(protocol),
  } as const;
}
