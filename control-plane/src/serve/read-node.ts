import { dnsCaptureMetadata } from "@meshwright/contract/dns-capture";
import { readIpStack } from "@meshwright/contract/ip-stack";
import { readProxyVersion } from "@meshwright/contract/proxy-version";
import type { Node } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import type { ProxyNode, ProxyTraits } from "./view.ts";

/** Reads what a proxy says of itself; undefined when it says nothing, as in all requests of a stream but the first. */
export function readNode(node: Node | undefined): ProxyNode | undefined {
  if (node === undefined) return undefined;
  const { id, cluster, metadata, userAgentVersionType } = node;
  const version = readProxyVersion(metadata);
  const said = { id, cluster, envoyVersion: envoyVersion(userAgentVersionType), traits: readTraits(metadata) };
  return version === "" ? said : { ...said, version };
}

function readTraits(metadata: Node["metadata"]): ProxyTraits {
  return { ipStack: readIpStack(metadata), capturesDns: metadata?.[dnsCaptureMetadata] === "true" };
}

function envoyVersion(agent: Node["userAgentVersionType"]): string {
  if (agent.case === "userAgentVersion") return agent.value;
  const version = agent.value?.version;
  return version === undefined ? "" : `${version.majorNumber}.${version.minorNumber}.${version.patch}`;
}
