import type { IpStack } from "@meshwright/contract/ip-stack";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import type { WorkloadInbound } from "../model/inbound-port.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { EncodedResource, ObjectReference } from "../serve/view.ts";
import { translateInboundClusters } from "../translate/cluster/original-destination.ts";
import { translateVirtualInbound } from "../translate/listener/inbound.ts";
import { encodeResource } from "./encoded.ts";

/** Name of a workload's shape: equal for workloads whose inbound configuration is the same. */
export function shapeOf(inbound: WorkloadInbound): string {
  const modes = inbound.ports.map(({ mtls }) => mtls);
  return [clusterShapeOf(inbound), ...modes, inbound.otherPorts].join(",");
}

/** Name of the part of a shape that decides the clusters: a change of what is accepted leaves them alone. */
export function clusterShapeOf({ ports }: WorkloadInbound): string {
  return ports.map(({ port, protocol }) => `${port}:${protocol}`).join(",");
}

/** Translates and encodes the clusters through which a shape's sidecar reaches its own application. */
export function inboundClusters(
  { ports }: WorkloadInbound,
  stack: IpStack,
  origins: readonly ObjectReference[],
): readonly EncodedResource[] {
  return translateInboundClusters(ports, stack).map((cluster) =>
    encodeResource(ClusterSchema, cluster.name, cluster, origins),
  );
}

/** Translates and encodes the listener to which a shape's inbound connections come. */
export function inboundListener(
  inbound: WorkloadInbound,
  settings: MeshSettings,
  stack: IpStack,
  origins: readonly ObjectReference[],
): EncodedResource {
  const listener = translateVirtualInbound(inbound, settings, stack);
  return encodeResource(ListenerSchema, listener.name, listener, origins);
}
