import { create } from "@bufbuild/protobuf";
import {
  type LbEndpoint,
  LbEndpointSchema,
  type LocalityLbEndpoints,
  LocalityLbEndpointsSchema,
} from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_components_pb";
import {
  type ClusterLoadAssignment,
  ClusterLoadAssignmentSchema,
} from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import type { Endpoint, ServiceEndpoints } from "../../model/endpoint.ts";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";
import { tlsModeMatch, tlsModeMetadata } from "../cluster/tls-mode.ts";
import { outboundClusterName } from "../names.ts";
import { socketAddress } from "../socket-address.ts";

/** Translates the endpoints of each of a Service's outbound clusters; a headless Service has no such cluster. */
export function translateLoadAssignments(
  service: Service,
  byPort: ServiceEndpoints["byPort"],
  settings: MeshSettings,
): readonly ClusterLoadAssignment[] {
  if (service.addressing.kind === "headless") return [];
  return service.ports.map(({ name, port }) =>
    create(ClusterLoadAssignmentSchema, {
      clusterName: outboundClusterName(service, port, settings),
      endpoints: [...Map.groupBy(byPort.get(name) ?? [], ({ zone }) => zone)].toSorted(byZone).map(translateLocality),
    }),
  );
}

type ZoneEndpoints = readonly [zone: string, endpoints: readonly Endpoint[]];

function byZone([a]: ZoneEndpoints, [b]: ZoneEndpoints): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function translateLocality([zone, endpoints]: ZoneEndpoints): LocalityLbEndpoints {
  const lbEndpoints = endpoints.map(translateEndpoint);
  return create(LocalityLbEndpointsSchema, zone === "" ? { lbEndpoints } : { locality: { zone }, lbEndpoints });
}

/** One endpoint however many addresses a pod has: Envoy tries them in their order and keeps to what connects first. */
function translateEndpoint({ address, otherAddresses, port, isMeshed }: Endpoint): LbEndpoint {
  const additionalAddresses = otherAddresses.map((other) => ({ address: socketAddress(other, port) }));
  return create(LbEndpointSchema, {
    hostIdentifier: { case: "endpoint", value: { address: socketAddress(address, port), additionalAddresses } },
    ...(isMeshed ? { metadata: { filterMetadata: { [tlsModeMetadata]: tlsModeMatch } } } : {}),
  });
}
