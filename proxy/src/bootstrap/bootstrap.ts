import { create, type JsonObject, type JsonValue, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { type IpStack, ipStackMetadata } from "@meshwright/contract/ip-stack";
import { ports } from "@meshwright/contract/ports";
import type { ProbeRoute } from "@meshwright/contract/probe-route";
import { proxyVersionMetadata } from "@meshwright/contract/proxy-version";
import { controlPlaneHost } from "@meshwright/contract/volume";
import { packAny } from "@meshwright/xds-api/any";
import {
  type Bootstrap_DynamicResourcesSchema,
  BootstrapSchema,
} from "@meshwright/xds-api/gen/envoy/config/bootstrap/v3/bootstrap_pb";
import type { RetryPolicySchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import {
  ApiConfigSource_ApiType,
  ApiVersion,
  type ConfigSourceSchema,
} from "@meshwright/xds-api/gen/envoy/config/core/v3/config_source_pb";
import { DownstreamConnectionsConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/resource_monitors/downstream_connections/v3/downstream_connections_pb";
import { toXdsJson } from "@meshwright/xds-api/json";
import { socketAddress } from "./address.ts";
import { adminCluster } from "./admin-cluster.ts";
import { controlPlaneCluster, controlPlaneClusterName } from "./control-plane-cluster.ts";
import { dnsListeners, dnsMetadata, nameserverClusters } from "./dns.ts";
import { seconds } from "./duration.ts";
import { healthListener, mergedMetricsListener, statsListener } from "./listeners.ts";
import { applicationMetricsCluster } from "./metrics-script.ts";
import { probeClusters } from "./probes.ts";
import { statsConfig } from "./stats-config.ts";

export interface BootstrapInput {
  readonly revision: string;
  /** Of the sidecar; absent: not known. */
  readonly version?: string;
  /** Namespace of the control plane. */
  readonly namespace: string;
  readonly probes: readonly ProbeRoute[];
  readonly stack: IpStack;
  /** Nameservers, by address, to which the pod's queries go through the sidecar. */
  readonly nameservers: readonly string[];
}

/**
 * A series of Istio's metrics to which nothing was added for as long, twice in a row at the most, is forgotten; the next
 * request begins it anew from nothing. Long enough for a caller that calls once an hour.
 */
const evictionSeconds = 2 * 60 * 60;

/** Far above what a pod serves: the limit is there so that a flood ends in refused connections and not in memory. */
const maxDownstreamConnections = 100_000n;

function nodeMetadata({ stack, version, nameservers }: BootstrapInput): JsonObject {
  const ofVersion = version === undefined ? {} : { [proxyVersionMetadata]: version };
  return { [ipStackMetadata]: stack, ...ofVersion, ...dnsMetadata(nameservers) };
}

/**
 * Returns a sidecar's bootstrap as Envoy reads it from a JSON file. What differs from pod to pod of a workload (node id,
 * cluster, concurrency, drain time) comes from Envoy's command line, because the volume is written before there is a pod IP.
 */
export function bootstrap(input: BootstrapInput): JsonValue {
  const { revision, namespace, probes, stack, nameservers } = input;
  const message = create(BootstrapSchema, {
    node: { metadata: nodeMetadata(input) },
    admin: { address: socketAddress("127.0.0.1", ports.admin), ignoreGlobalConnLimit: true },
    dynamicResources: dynamicResources(),
    staticResources: {
      clusters: [
        adminCluster(),
        controlPlaneCluster(controlPlaneHost(revision, namespace)),
        applicationMetricsCluster(stack),
        ...probeClusters(probes, stack),
        ...nameserverClusters(nameservers),
      ],
      listeners: [
        healthListener(stack),
        statsListener(stack),
        mergedMetricsListener(probes, stack),
        ...dnsListeners(nameservers),
      ],
    },
    statsConfig: statsConfig(),
    statsEviction: { case: "statsEvictionInterval", value: seconds(evictionSeconds) },
    // A sidecar knows every Service of the mesh and calls few: what the others would need is made when they are called.
    deferredStatOptions: { enableDeferredCreationStats: true },
    clusterManager: { enableDeferredClusterCreation: true },
    overloadManager: {
      resourceMonitors: [
        {
          name: "envoy.resource_monitors.global_downstream_max_connections",
          configType: {
            case: "typedConfig",
            value: packAny(DownstreamConnectionsConfigSchema, {
              maxActiveDownstreamConnections: maxDownstreamConnections,
            }),
          },
        },
      ],
    },
  });
  return toXdsJson(BootstrapSchema, message);
}

/**
 * How long Envoy waits before it opens its stream again: a random part of what grows from 500 ms to 5 s. By itself it waits up to
 * 30 s, in which, once a control plane is back, it would not learn of pods that have moved.
 */
const reconnect = {
  retryBackOff: { baseInterval: durationFromMs(500), maxInterval: durationFromMs(5_000) },
} satisfies MessageInitShape<typeof RetryPolicySchema>;

function dynamicResources(): MessageInitShape<typeof Bootstrap_DynamicResourcesSchema> {
  return {
    adsConfig: {
      apiType: ApiConfigSource_ApiType.DELTA_GRPC,
      transportApiVersion: ApiVersion.V3,
      setNodeOnFirstMessageOnly: true,
      grpcServices: [
        {
          targetSpecifier: {
            case: "envoyGrpc",
            value: { clusterName: controlPlaneClusterName, retryPolicy: reconnect },
          },
        },
      ],
    },
    cdsConfig: fromAds(),
    ldsConfig: fromAds(),
  };
}

/** Without a time limit: a sidecar that has heard nothing from the control plane is not ready, however long it takes. */
function fromAds(): MessageInitShape<typeof ConfigSourceSchema> {
  return {
    configSourceSpecifier: { case: "ads", value: {} },
    resourceApiVersion: ApiVersion.V3,
    initialFetchTimeout: seconds(0),
  };
}
