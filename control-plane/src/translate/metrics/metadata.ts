import { peerFields } from "@meshwright/contract/sidecar-metrics";
import { clusterId, unknownValue } from "@meshwright/contract/workload-labels";
import type { EndpointOwner } from "../../model/endpoint.ts";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";
import { hostname } from "../names.ts";
import type { Operator } from "./operators.ts";

/** Key of metadata in Istio's own name. */
const metadataKey = "istio";

/** What the metadata of clusters says of the Service that they lead to. */
type DestinationField = "host" | "name" | "namespace" | "cluster";

type Metadata = { readonly filterMetadata: Readonly<Record<string, Readonly<Record<string, string>>>> };

/** Who answers at an endpoint, in as few bytes as it takes: there are many endpoints, and each names its own. */
export function endpointMetadata(owner: EndpointOwner): Metadata["filterMetadata"] {
  if (owner.kind === "unknown") return {};
  const { workload, app, version, canonicalService, canonicalRevision } = owner.names;
  const fields = {
    [peerFields.workload]: workload,
    [peerFields.namespace]: owner.namespace,
    [peerFields.app]: app,
    [peerFields.version]: version,
    [peerFields.canonicalService]: canonicalService,
    [peerFields.canonicalRevision]: canonicalRevision,
  };
  return { [metadataKey]: fields };
}

export function endpointField(field: keyof typeof peerFields): Operator {
  return { command: "UPSTREAM_METADATA", param: `${metadataKey}:${peerFields[field]}` };
}

/** What a Service's clusters say of it. */
export function serviceMetadata(service: Service, settings: MeshSettings): Metadata {
  const { name, namespace } = service;
  return destination({ host: hostname(service, settings), name, namespace, cluster: clusterId });
}

/** What a cluster says that leads to no Service: its own name stands for one, as in Istio. */
export function noServiceMetadata(cluster: string): Metadata {
  return destination({ host: unknownValue, name: cluster, namespace: unknownValue, cluster: unknownValue });
}

function destination(fields: Readonly<Record<DestinationField, string>>): Metadata {
  return { filterMetadata: { [metadataKey]: fields } };
}

export function destinationField(field: DestinationField): Operator {
  return { command: "CLUSTER_METADATA", param: `${metadataKey}:${field}` };
}
