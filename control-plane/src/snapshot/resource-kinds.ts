import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ClusterLoadAssignmentSchema } from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { RouteConfigurationSchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import { SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";
import type { ResourceType } from "./observer.ts";

/** A type of resources that Envoy subscribes to. */
export interface ResourceKind<D extends DescMessage> {
  readonly type: ResourceType;
  readonly schema: D;
  /** The name by which Envoy asks for it. */
  nameOf(message: MessageShape<D>): string;
}

export const clusterKind: ResourceKind<typeof ClusterSchema> = {
  type: "cds",
  schema: ClusterSchema,
  nameOf: ({ name }) => name,
};

export const endpointKind: ResourceKind<typeof ClusterLoadAssignmentSchema> = {
  type: "eds",
  schema: ClusterLoadAssignmentSchema,
  nameOf: ({ clusterName }) => clusterName,
};

export const listenerKind: ResourceKind<typeof ListenerSchema> = {
  type: "lds",
  schema: ListenerSchema,
  nameOf: ({ name }) => name,
};

export const routeKind: ResourceKind<typeof RouteConfigurationSchema> = {
  type: "rds",
  schema: RouteConfigurationSchema,
  nameOf: ({ name }) => name,
};

export const secretKind: ResourceKind<typeof SecretSchema> = {
  type: "sds",
  schema: SecretSchema,
  nameOf: ({ name }) => name,
};
