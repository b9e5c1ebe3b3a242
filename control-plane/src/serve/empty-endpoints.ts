import { create, toBinary } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import { ClusterLoadAssignmentSchema } from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { EncodedResource } from "./view.ts";

/**
 * Says that a cluster has no endpoints, where the protocol has no word for endpoints that do not exist: Envoy would wait
 * 15 s for them, and acknowledge no cluster meanwhile.
 */
export function emptyEndpoints(name: string): EncodedResource {
  const resource = packAny(ClusterLoadAssignmentSchema, { clusterName: name });
  const bytes = toBinary(ResourceSchema, create(ResourceSchema, { name, version: "none", resource }));
  return { name, version: "none", bytes, origins: [] };
}
