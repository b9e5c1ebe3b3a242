import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { meshSni } from "@meshwright/contract/mesh-sni";
import {
  type Cluster,
  ClusterSchema,
  Cluster_DiscoveryType as DiscoveryType,
  Cluster_LbPolicy as LbPolicy,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service, ServicePort } from "../../model/service.ts";
import { adsSource } from "../config-source.ts";
import { serviceMetadata } from "../metrics/metadata.ts";
import { hostname, outboundClusterName } from "../names.ts";
import { upstreamMeshTls } from "../secret/mesh-tls.ts";
import { servicePeers } from "../secret/peer-identity.ts";
import { unlimited } from "./circuit-breakers.ts";
import { protocolOptions } from "./protocol-options.ts";
import { socketsByTlsMode } from "./tls-mode.ts";

/** Istio's default (`connectTimeout` of MeshConfig). */
export const connectTimeout = durationFromMs(10_000);

/**
 * Translates one cluster per port of a Service; its endpoints come by EDS under the cluster's name. A headless Service
 * has clusters of another kind.
 *
 * @param serviceAccounts those of the Service's pods, whom the servers must prove to be
 */
export function translateOutboundClusters(
  service: Service,
  serviceAccounts: readonly string[],
  settings: MeshSettings,
): readonly Cluster[] {
  if (service.addressing.kind === "headless") return [];
  const peers = servicePeers(service, serviceAccounts, settings);
  return service.ports.map((port) => {
    const meshSocket = upstreamMeshTls(meshSni(port.port, hostname(service, settings)), peers);
    return create(ClusterSchema, {
      ...base(service, port, settings),
      transportSocketMatches: socketsByTlsMode(meshSocket),
      typedExtensionProtocolOptions: protocolOptions(port.protocol),
    });
  });
}

function base(service: Service, port: ServicePort, settings: MeshSettings) {
  return {
    name: outboundClusterName(service, port.port, settings),
    clusterDiscoveryType: { case: "type", value: DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: adsSource() },
    connectTimeout,
    lbPolicy: LbPolicy.LEAST_REQUEST,
    circuitBreakers: unlimited(),
    metadata: serviceMetadata(service, settings),
  } as const;
}
