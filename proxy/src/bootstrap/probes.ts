import type { MessageInitShape } from "@bufbuild/protobuf";
import { inboundSource } from "@meshwright/contract/inbound-source";
import type { ProbeRoute } from "@meshwright/contract/volume";
import { packAny } from "@meshwright/xds-api/any";
import {
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  type ClusterSchema,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import type { TransportSocketSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import type { RouteSchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_components_pb";
import { ConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/set_filter_state/v3/set_filter_state_pb";
import type { HttpFilterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { UpstreamTlsContextSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb";
import { seconds } from "./duration.ts";

type Cluster = MessageInitShape<typeof ClusterSchema>;
type Target = Pick<ProbeRoute, "port" | "scheme">;

/**
 * Filter state from which an ORIGINAL_DST cluster takes its address, before it looks at the connection.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/advanced/well_known_filter_state
 */
const destinationKey = "envoy.network.transport_socket.original_dst_address";

/** One route per probe: exact, and never from the control plane, so that no pushed configuration can fail a probe. */
export function probeRoutes(probes: readonly ProbeRoute[]): MessageInitShape<typeof RouteSchema>[] {
  return probes.map((probe) => ({
    match: { pathSpecifier: { case: "path", value: probe.path } },
    action: {
      case: "route",
      value: {
        clusterSpecifier: { case: "cluster", value: probeClusterName(probe) },
        prefixRewrite: probe.targetPath,
        timeout: seconds(probe.timeoutSeconds),
      },
    },
  }));
}

/**
 * Sends a probe to the address at which kubelet asked: the pod's own IP, which the bootstrap cannot name. An application
 * that listens on that address only is reached, and one on loopback only fails its probe, both as without a sidecar.
 */
export function probeAddressFilter(): MessageInitShape<typeof HttpFilterSchema> {
  const inlineString = "%DOWNSTREAM_LOCAL_ADDRESS%";
  const text = {
    case: "textFormatSource",
    value: { specifier: { case: "inlineString", value: inlineString } },
  } as const;
  const config = packAny(ConfigSchema, {
    onRequestHeaders: [
      {
        key: { case: "objectKey", value: destinationKey },
        value: { case: "formatString", value: { format: text } },
      },
    ],
  });
  return { name: "envoy.filters.http.set_filter_state", configType: { case: "typedConfig", value: config } };
}

/** One cluster per port and scheme that is probed. */
export function probeClusters(probes: readonly ProbeRoute[]): Cluster[] {
  const targets = new Map(probes.map((probe) => [probeClusterName(probe), probe]));
  return [...targets.values()].map(probeCluster);
}

function probeClusterName({ port, scheme }: Target): string {
  return `probe|${port}|${scheme.toLowerCase()}`;
}

function probeCluster(target: Target): Cluster {
  return {
    name: probeClusterName(target),
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.ORIGINAL_DST },
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
    connectTimeout: seconds(1),
    lbConfig: { case: "originalDstLbConfig", value: { upstreamPortOverride: target.port } },
    // Else the redirect rules would take the probe for a call to oneself, which strict mTLS refuses.
    upstreamBindConfig: {
      sourceAddress: { address: inboundSource.ipv4, portSpecifier: { case: "portValue", value: 0 } },
    },
    ...(target.scheme === "HTTPS" ? { transportSocket: unverifiedTls() } : {}),
  };
}

/** As kubelet does: "for HTTPS probes, certificate verification is skipped" (Kubernetes, HTTPGetAction.scheme). */
function unverifiedTls(): MessageInitShape<typeof TransportSocketSchema> {
  const config = packAny(UpstreamTlsContextSchema, {});
  return { name: "envoy.transport_sockets.tls", configType: { case: "typedConfig", value: config } };
}
