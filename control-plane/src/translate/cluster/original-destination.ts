import { create } from "@bufbuild/protobuf";
import { inboundSource } from "@meshwright/contract/inbound-source";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { meshSni } from "@meshwright/contract/mesh-sni";
import {
  type Cluster,
  ClusterSchema,
  Cluster_DiscoveryType as DiscoveryType,
  Cluster_LbPolicy as LbPolicy,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import type { InboundPort } from "../../model/inbound-port.ts";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { MeshedAddress } from "../../model/meshed-addresses.ts";
import type { Protocol } from "../../model/protocol.ts";
import type { Service } from "../../model/service.ts";
import { noServiceMetadata, serviceMetadata } from "../metrics/metadata.ts";
import { clusterNames, hostname, inboundClusterName, outboundClusterName, podSni } from "../names.ts";
import { upstreamMeshTls } from "../secret/mesh-tls.ts";
import { meshPeers, servicePeers } from "../secret/peer-identity.ts";
import { unlimited } from "./circuit-breakers.ts";
import { connectTimeout } from "./outbound.ts";
import { inboundProtocolOptions } from "./protocol-options.ts";
import { socketsByAddress } from "./sockets-by-address.ts";

/**
 * Translates the way out for destinations that are no Service: to wherever the client meant to go. Pods behind a sidecar
 * are among these when they are called by their own addresses.
 *
 * @param pods those with a sidecar, sorted by address
 */
export function translatePassthroughCluster(pods: readonly MeshedAddress[], settings: MeshSettings): Cluster {
  return create(ClusterSchema, {
    ...originalDestination(clusterNames.passthrough, "auto"),
    metadata: noServiceMetadata(clusterNames.passthrough),
    ...socketsByAddress(pods, upstreamMeshTls(podSni, meshPeers(settings))),
  });
}

/**
 * Translates one cluster per port of a headless Service. Its clients choose a pod by address, which no load balancer may
 * change.
 *
 * @param serviceAccounts those of the Service's pods, whom the meshed ones must prove to be
 * @param pods those of its pods that have a sidecar, sorted by address
 */
export function translateHeadlessClusters(
  service: Service,
  serviceAccounts: readonly string[],
  pods: readonly MeshedAddress[],
  settings: MeshSettings,
): readonly Cluster[] {
  if (service.addressing.kind === "virtual") return [];
  const peers = servicePeers(service, serviceAccounts, settings);
  return service.ports.map(({ port, protocol }) =>
    create(ClusterSchema, {
      ...originalDestination(outboundClusterName(service, port, settings), protocol),
      metadata: serviceMetadata(service, settings),
      ...socketsByAddress(pods, upstreamMeshTls(meshSni(port, hostname(service, settings)), peers)),
    }),
  );
}

/** Translates the cluster that refuses: it never has an endpoint. */
export function translateBlackHoleCluster(): Cluster {
  return create(ClusterSchema, {
    name: clusterNames.blackHole,
    metadata: noServiceMetadata(clusterNames.blackHole),
    clusterDiscoveryType: { case: "type", value: DiscoveryType.STATIC },
    connectTimeout,
  });
}

/**
 * Translates the clusters that reach the workload's own application: one per port that a Service or a policy names, and one for all
 * other ports. They go to the pod's own address, which the connection was meant for, so that an application bound to it
 * and not to loopback is reached too.
 */
export function translateInboundClusters(ports: readonly InboundPort[], stack: IpStack): readonly Cluster[] {
  return [
    ...ports.map(({ port, protocol }) => inbound(inboundClusterName(port), protocol, stack)),
    inbound(clusterNames.inboundPassthrough, "auto", stack),
  ];
}

function inbound(name: string, protocol: Protocol, stack: IpStack): Cluster {
  const portSpecifier = { case: "portValue", value: 0 } as const;
  const ipv6 = { address: { address: inboundSource.ipv6, portSpecifier } };
  return create(ClusterSchema, {
    ...originalDestination(name, protocol),
    // Envoy binds the one that is of the destination's family.
    upstreamBindConfig: {
      sourceAddress: { address: inboundSource.ipv4, portSpecifier },
      extraSourceAddresses: stack === "dual" ? [ipv6] : [],
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
