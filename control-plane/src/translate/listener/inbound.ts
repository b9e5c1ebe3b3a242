import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { ports } from "@meshwright/contract/ports";
import { TrafficDirection } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import {
  type FilterChain,
  FilterChainSchema,
} from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_components_pb";
import { type Listener, ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import type { InboundPort, WorkloadInbound } from "../../model/inbound-port.ts";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { MtlsMode } from "../../model/mtls-mode.ts";
import { trafficOf } from "../../model/protocol.ts";
import { uncountedTcpProxy } from "../filters/tcp-proxy.ts";
import { anyAddress, clusterNames, inboundClusterName, listenerNames } from "../names.ts";
import { anySocketAddress } from "../socket-address.ts";
import { type ChainTarget, translateInboundChains } from "./inbound-chains.ts";
import { isPlain } from "./inbound-security.ts";
import { httpInspector, originalDestination, tlsInspector } from "./listener-filters.ts";

/**
 * How long a client may be silent before its connection counts as plaintext of a protocol in which the server speaks
 * first. A sidecar sends its TLS greeting at once, so that only such clients without a sidecar ever wait.
 */
const silenceTimeout = durationFromMs(5_000);

/** Translates the listener that all inbound connections of the pod come to. */
export function translateVirtualInbound(inbound: WorkloadInbound, settings: MeshSettings, stack: IpStack): Listener {
  const served = inbound.ports.filter(({ port }) => port !== ports.inbound);
  return create(ListenerSchema, {
    name: listenerNames.inbound,
    address: anySocketAddress(ports.inbound, stack),
    trafficDirection: TrafficDirection.INBOUND,
    listenerFilters: [originalDestination(), tlsInspector(plainPorts(served)), httpInspector(declaredPorts(served))],
    listenerFiltersTimeout: silenceTimeout,
    continueOnListenerFiltersTimeout: true,
    filterChains: [
      blackHole(settings),
      ...served.flatMap((port) => translateInboundChains(target(port), settings)),
      ...translateInboundChains(anyOtherPort(inbound.otherPorts), settings),
    ],
  });
}

function declaredPorts(served: readonly InboundPort[]): readonly number[] {
  return served.filter(({ protocol }) => trafficOf(protocol) !== "auto").map(({ port }) => port);
}

function plainPorts(served: readonly InboundPort[]): readonly number[] {
  return served.filter(({ protocol, mtls }) => isPlain(trafficOf(protocol), mtls)).map(({ port }) => port);
}

function target({ port, protocol, mtls }: InboundPort): ChainTarget {
  const name = `${anyAddress}_${port}`;
  return { kind: "port", name, port, protocol, mtls, cluster: inboundClusterName(port) };
}

/** Ports that no Service names are served too, by what their connections turn out to carry. */
function anyOtherPort(mtls: MtlsMode): ChainTarget {
  const { inbound: name } = listenerNames;
  return { kind: "anyPort", name, protocol: "auto", mtls, cluster: clusterNames.inboundPassthrough };
}

/** A direct call to the proxy's own port would go round in circles. */
function blackHole(settings: MeshSettings): FilterChain {
  return create(FilterChainSchema, {
    name: "virtualInbound-blackhole",
    filterChainMatch: { destinationPort: ports.inbound },
    filters: [uncountedTcpProxy(clusterNames.blackHole, settings)],
  });
}
