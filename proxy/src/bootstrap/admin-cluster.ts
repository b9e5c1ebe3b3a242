import type { MessageInitShape } from "@bufbuild/protobuf";
import { ports } from "@meshwright/contract/ports";
import { Cluster_DiscoveryType, type ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { seconds } from "./duration.ts";
import { oneEndpoint } from "./endpoint.ts";

/** Istio's name for the cluster that leads to Envoy's own admin interface. */
export const adminClusterName = "prometheus_stats";

/** Leads to the admin interface, of which the listeners show single paths. */
export function adminCluster(): MessageInitShape<typeof ClusterSchema> {
  return {
    name: adminClusterName,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
    connectTimeout: seconds(1),
    loadAssignment: oneEndpoint(adminClusterName, "127.0.0.1", ports.admin),
  };
}
