import { fromBinary } from "@bufbuild/protobuf";
import { dnsCaptureMetadata } from "@meshwright/contract/dns-capture";
import { readIpStack } from "@meshwright/contract/ip-stack";
import type { Node } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import {
  type DeltaDiscoveryRequest,
  DeltaDiscoveryRequestSchema,
} from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { DeltaRequest } from "./session.ts";
import type { ProxyNode, ProxyTraits } from "./view.ts";

/** A request as it came: the node stands in the first one of a stream only. */
export interface ReceivedRequest extends DeltaRequest {
  readonly node: ProxyNode | undefined;
}

/** Reads a `DeltaDiscoveryRequest`. Throws on bytes that are none, which ends the stream. */
export function decodeDeltaRequest(bytes: Uint8Array): ReceivedRequest {
  const request: DeltaDiscoveryRequest = fromBinary(DeltaDiscoveryRequestSchema, bytes);
  return {
    node: request.node === undefined ? undefined : readNode(request.node),
    // any other string is a type without resources
    type: request.typeUrl as TypeUrl,
    nonce: request.responseNonce,
    error: request.errorDetail?.message,
    subscribe: request.resourceNamesSubscribe,
    unsubscribe: request.resourceNamesUnsubscribe,
    initialVersions: request.initialResourceVersions,
  };
}

function readNode({ id, cluster, metadata, userAgentVersionType: agent }: Node): ProxyNode {
  return { id, cluster, envoyVersion: envoyVersion(agent), traits: readTraits(metadata) };
}

function readTraits(metadata: Node["metadata"]): ProxyTraits {
  return { ipStack: readIpStack(metadata), capturesDns: metadata?.[dnsCaptureMetadata] === "true" };
}

function envoyVersion(agent: Node["userAgentVersionType"]): string {
  if (agent.case === "userAgentVersion") return agent.value;
  const version = agent.value?.version;
  return version === undefined ? "" : `${version.majorNumber}.${version.minorNumber}.${version.patch}`;
}
