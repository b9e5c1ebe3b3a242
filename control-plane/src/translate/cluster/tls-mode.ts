import { create } from "@bufbuild/protobuf";
import {
  type Cluster_TransportSocketMatch as TransportSocketMatch,
  Cluster_TransportSocketMatchSchema as TransportSocketMatchSchema,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { RawBufferSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/raw_buffer/v3/raw_buffer_pb";
import { type TransportSocket, transportSocket } from "../transport-socket.ts";

/** Metadata by which an endpoint says that a sidecar is in front of it. */
export const tlsModeMatch = { tlsMode: "istio" } as const;

/** Metadata key that Envoy compares with a cluster's transport socket matches. */
export const tlsModeMetadata = "envoy.transport_socket_match";

/** Names of a cluster's sockets, as Istio's. */
export const socketNames = { mesh: "tlsMode-istio", plaintext: "tlsMode-disabled" } as const;

/** Meshed endpoints get the mesh's socket, all others plaintext. The first match wins. */
export function socketsByTlsMode(meshSocket: TransportSocket): TransportSocketMatch[] {
  const plaintext = transportSocket("envoy.transport_sockets.raw_buffer", RawBufferSchema, {});
  return [
    create(TransportSocketMatchSchema, { name: socketNames.mesh, match: tlsModeMatch, transportSocket: meshSocket }),
    create(TransportSocketMatchSchema, { name: socketNames.plaintext, match: {}, transportSocket: plaintext }),
  ];
}
