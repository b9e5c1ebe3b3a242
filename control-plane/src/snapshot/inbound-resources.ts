import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import type { InboundPort } from "../model/inbound-port.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { EncodedResource } from "../serve/view.ts";
import { translateInboundClusters } from "../translate/cluster/original-destination.ts";
import { translateVirtualInbound } from "../translate/listener/inbound.ts";
import { encodeResource } from "./encoded.ts";

/** What a sidecar needs to serve its own application: shared by all workloads that serve the same ports. */
export interface InboundResources {
  readonly clusters: readonly EncodedResource[];
  readonly listener: EncodedResource;
}

/** Name of a workload's shape: equal for workloads whose inbound configuration is the same. */
export function shapeOf(ports: readonly InboundPort[]): string {
  return ports.map(({ port, protocol }) => `${port}:${protocol}`).join(",");
}

/** Translates and encodes the inbound side of a shape. */
export function inboundResources(ports: readonly InboundPort[], settings: MeshSettings): InboundResources {
  const listener = translateVirtualInbound(ports, settings);
  return {
    clusters: translateInboundClusters(ports).map((cluster) => encodeResource(ClusterSchema, cluster.name, cluster)),
    listener: encodeResource(ListenerSchema, listener.name, listener),
  };
}
