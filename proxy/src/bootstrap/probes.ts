import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { inboundSource } from "@meshwright/contract/inbound-source";
import type { IpStack } from "@meshwright/contract/ip-stack";
import type { ProbeRoute } from "@meshwright/contract/probe-route";
import { packAny } from "@meshwright/xds-api/any";
import {
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  type ClusterSchema,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import type { BindConfigSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/address_pb";
import type { TransportSocketSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import type { RouteActionSchema, RouteSchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_components_pb";
import { ConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/set_filter_state/v3/set_filter_state_pb";
import type { HttpFilterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { UpstreamTlsContextSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb";
import { seconds } from "./duration.ts";
import { http2Options } from "./http2-options.ts";
import { probeScriptMetadata } from "./probe-script.ts";

type Cluster = MessageInitShape<typeof ClusterSchema>;
type Route = MessageInitShape<typeof RouteSchema>;
type RouteAction = MessageInitShape<typeof RouteActionSchema>;

/**
 * Filter state from which an ORIGINAL_DST cluster takes its address, before it looks at the connection.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/advanced/well_known_filter_state
 */
const destinationKey = "envoy.network.transport_socket.original_dst_address";

/** One route per probe: exact, and never from the control plane, so that no pushed configuration can fail a probe. */
export function probeRoutes(probes: readonly ProbeRoute[]): Route[] {
  return probes.map(probeRoute);
}

function probeRoute(probe: ProbeRoute): Route {
  const match = probeMatch(probe);
  const target = {
    clusterSpecifier: { case: "cluster", value: probeClusterName(probe) },
    timeout: seconds(probe.timeoutSeconds),
  } as const;
  switch (probe.kind) {
    case "http":
      return {
        match,
        metadata: probeScriptMetadata({
          kind: "http",
          scheme: probe.scheme.toLowerCase(),
          path: probe.targetPath,
          cluster: probeClusterName(probe),
          timeout_ms: probe.timeoutSeconds * 1000,
        }),
        action: { case: "route", value: { ...target, prefixRewrite: probe.targetPath, ...hookRetry(probe) } },
      };
    case "tcp":
      return {
        match,
        metadata: probeScriptMetadata({ kind: "tcp" }),
        action: {
          case: "route",
          value: {
            ...target,
            upgradeConfigs: [{ upgradeType: "CONNECT", connectConfig: {} }],
            // The timeout does not end a connection that was made: neither an application that never answers nor a
            // caller that does not close shall keep one open.
            idleTimeout: target.timeout,
          },
        },
      };
    case "grpc":
      return {
        match,
        metadata: probeScriptMetadata({ kind: "grpc", service: probe.service }),
        action: { case: "route", value: target },
      };
  }
}

/**
 * Kubelet calls a postStart hook the moment the container runs, mostly before the application listens. Without a sidecar it
 * then sees no connection and ends the container; it takes any answer of a sidecar for success, so the call would be lost in
 * silence. So the application gets some ten seconds to listen.
 */
function hookRetry({ path }: ProbeRoute): Pick<RouteAction, "retryPolicy"> {
  if (!path.startsWith("/app-lifecycle/") || !path.endsWith("/poststartz")) return {};
  const retryBackOff = { baseInterval: durationFromMs(100), maxInterval: durationFromMs(250) };
  return { retryPolicy: { retryOn: "connect-failure", numRetries: 80, retryBackOff } };
}

/** As kubelet asks. Whoever else asks has no certificate either: a probe's path is no way to change anything. */
function probeMatch({ path }: ProbeRoute): Route["match"] {
  const isGet = { case: "stringMatch", value: { matchPattern: { case: "exact", value: "GET" } } } as const;
  return {
    pathSpecifier: { case: "path", value: path },
    headers: [{ name: ":method", headerMatchSpecifier: isGet }],
  };
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

/** One cluster per port and protocol that is probed. */
export function probeClusters(probes: readonly ProbeRoute[], stack: IpStack): Cluster[] {
  return [...Map.groupBy(probes, probeClusterName)].flatMap(([name, [first, ...others]]) =>
    first === undefined ? [] : [probeCluster(name, [first, ...others], stack)],
  );
}

function probeClusterName(probe: ProbeRoute): string {
  return `probe|${probe.port}|${probe.kind === "http" ? probe.scheme.toLowerCase() : probe.kind}`;
}

function probeCluster(name: string, probes: readonly [ProbeRoute, ...ProbeRoute[]], stack: IpStack): Cluster {
  const [probe] = probes;
  return {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.ORIGINAL_DST },
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
    // A route's own timeout ends earlier: an application that is slow to accept has the time that its probe says.
    connectTimeout: seconds(Math.max(...probes.map(({ timeoutSeconds }) => timeoutSeconds))),
    // The header is how the script that follows redirects says it; what kubelet asks is told by the filter state, which wins.
    lbConfig: { case: "originalDstLbConfig", value: { useHttpHeader: true, upstreamPortOverride: probe.port } },
    upstreamBindConfig: inboundBind(stack),
    ...probeProtocol(probe),
  };
}

function probeProtocol(probe: ProbeRoute): Pick<Cluster, "transportSocket" | "typedExtensionProtocolOptions"> {
  switch (probe.kind) {
    case "http":
      return probe.scheme === "HTTPS" ? { transportSocket: unverifiedTls() } : {};
    case "tcp":
      return {};
    case "grpc":
      return http2Options();
  }
}

/** Else the redirect rules would take the probe for a call to oneself, which strict mTLS refuses. */
function inboundBind(stack: IpStack): MessageInitShape<typeof BindConfigSchema> {
  const portSpecifier = { case: "portValue", value: 0 } as const;
  const ipv6 = { address: { address: inboundSource.ipv6, portSpecifier } };
  return {
    sourceAddress: { address: inboundSource.ipv4, portSpecifier },
    extraSourceAddresses: stack === "dual" ? [ipv6] : [],
  };
}

/** As kubelet does: "for HTTPS probes, certificate verification is skipped" (Kubernetes, HTTPGetAction.scheme). */
function unverifiedTls(): MessageInitShape<typeof TransportSocketSchema> {
  const config = packAny(UpstreamTlsContextSchema, {});
  return { name: "envoy.transport_sockets.tls", configType: { case: "typedConfig", value: config } };
}
