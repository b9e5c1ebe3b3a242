import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ClusterLoadAssignmentSchema } from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import { socketAddress } from "./address.ts";

/** The load assignment of a cluster with one endpoint. */
export function oneEndpoint(
  clusterName: string,
  host: string,
  port: number,
): MessageInitShape<typeof ClusterLoadAssignmentSchema> {
  const address = socketAddress(host, port);
  const lbEndpoint = { hostIdentifier: { case: "endpoint", value: { address } } } as const;
  return { clusterName, endpoints: [{ lbEndpoints: [lbEndpoint] }] };
}
