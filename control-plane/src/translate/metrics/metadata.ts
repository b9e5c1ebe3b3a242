import { endpointFields, joinFields, serviceFields } from "@meshwright/contract/sidecar-metrics";
import { clusterId, unknownValue } from "@meshwright/contract/workload-labels";
import type { EndpointOwner } from "../../model/endpoint.ts";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";
import { hostname } from "../names.ts";
import { valueOf } from "./operators.ts";

/** Key of metadata in Istio's own name. */
const metadataKey = "istio";

/** Short, for the same reason. */
const keys = { workload: "w", service: "s" } as const;

type FilterMetadata = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Who answers at an endpoint, in as few bytes as it takes: there are many endpoints, and each names its own. */
export function endpointMetadata(owner: EndpointOwner): FilterMetadata {
  if (owner.kind === "unknown") return {};
  const { workload, app, version, canonicalService, canonicalRevision } = owner.names;
  const value = joinFields(endpointFields, {
    workload,
    app,
    version,
    canonical_service: canonicalService,
    canonical_revision: canonicalRevision,
    workload_namespace: owner.namespace,
  });
  return { [metadataKey]: { [keys.workload]: value } };
}

/** What a Service's clusters say of it. */
export function serviceMetadata(service: Service, settings: MeshSettings) {
  const { name, namespace } = service;
  return destination({
    service: hostname(service, settings),
    service_name: name,
    service_namespace: namespace,
    cluster: clusterId,
  });
}

/** What a cluster says that leads to no Service: its own name stands for one, as in Istio. */
export function noServiceMetadata(cluster: string) {
  return destination({
    service: unknownValue,
    service_name: cluster,
    service_namespace: unknownValue,
    cluster: unknownValue,
  });
}

function destination(values: Readonly<Record<(typeof serviceFields)[number], string>>) {
  return { filterMetadata: { [metadataKey]: { [keys.service]: joinFields(serviceFields, values) } } };
}

/** The endpoint's own words. */
export const endpointWorkload = valueOf("UPSTREAM_METADATA", `${metadataKey}:${keys.workload}`);

/** The cluster's own words. */
export const clusterService = valueOf("CLUSTER_METADATA", `${metadataKey}:${keys.service}`);
