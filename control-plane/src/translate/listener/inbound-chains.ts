import { create } from "@bufbuild/protobuf";
import { meshSniSuffix } from "@meshwright/contract/mesh-sni";
import { unknownValue } from "@meshwright/contract/workload-labels";
import {
  type FilterChain,
  FilterChainSchema,
} from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_components_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { MtlsMode } from "../../model/mtls-mode.ts";
import { contentOf, type Protocol, trafficOf } from "../../model/protocol.ts";
import { unreachable } from "../../model/unreachable.ts";
import { inboundHttp } from "../filters/http-connection-manager.ts";
import type { Filter } from "../filters/network-filter.ts";
import { tcpProxy } from "../filters/tcp-proxy.ts";
import type { Server } from "../metrics/labels.ts";
import { rememberPeer } from "../metrics/peer.ts";
import { translateInboundRoutes } from "../route/inbound.ts";
import { downstreamMeshTls } from "../secret/mesh-tls.ts";
import { type InboundChain, inboundChains, meshHttpAlpn } from "./inbound-security.ts";

/** What a group of filter chains serves. */
export type ChainTarget = ChainDestination & {
  /** Prefix of the chains' names. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly mtls: MtlsMode;
  readonly cluster: string;
};

type ChainDestination = { readonly kind: "port"; readonly port: number } | { readonly kind: "anyPort" };

/** Translates the filter chains of one port, or of all ports that have none of their own. */
export function translateInboundChains(target: ChainTarget, settings: MeshSettings): readonly FilterChain[] {
  return inboundChains(trafficOf(target.protocol), target.mtls).map((chain) =>
    create(FilterChainSchema, {
      name: `${target.name}-${chain.security}-${chain.traffic}`,
      filterChainMatch: { ...destination(target), ...match(chain) },
      filters: applicationFilters(target, chain, settings),
      ...transportSocket(chain),
    }),
  );
}

function destination(target: ChainTarget) {
  return target.kind === "port" ? { destinationPort: target.port } : {};
}

function match({ security, applicationProtocols }: InboundChain) {
  const protocols = { applicationProtocols: [...applicationProtocols] };
  switch (security) {
    case "mesh":
      return { transportProtocol: "tls", serverNames: [`*.${meshSniSuffix}`], ...protocols };
    case "plaintext":
      return { transportProtocol: "raw_buffer", ...protocols };
    case "applicationTls":
      return { transportProtocol: "tls", ...protocols };
    default:
      return unreachable(security);
  }
}

function transportSocket({ security, traffic }: InboundChain) {
  if (security !== "mesh") return {};
  return { transportSocket: downstreamMeshTls(traffic === "http" ? meshHttpAlpn : []) };
}

function applicationFilters(target: ChainTarget, chain: InboundChain, settings: MeshSettings): Filter[] {
  const reporter = reporterOf(target, chain);
  const application = applicationFilter(target, reporter, settings);
  return reporter.client === "proven" ? [rememberPeer(reporter.fallback, settings), application] : [application];
}

function applicationFilter({ cluster, name, protocol }: ChainTarget, reporter: Server, settings: MeshSettings): Filter {
  if (reporter.traffic === "tcp") return tcpProxy(cluster, reporter, settings);
  const routes = translateInboundRoutes(cluster, protocol);
  return inboundHttp({ statPrefix: `inbound_${name};`, content: contentOf(protocol), routes, reporter }, settings);
}

function reporterOf(target: ChainTarget, { security, traffic }: InboundChain): Server {
  const fallback = target.kind === "anyPort" ? target.cluster : unknownValue;
  return { kind: "destination", client: security === "mesh" ? "proven" : "anybody", traffic, fallback };
}
