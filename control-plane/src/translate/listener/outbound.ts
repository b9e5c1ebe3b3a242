import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { ports } from "@meshwright/contract/ports";
import type { Address } from "@meshwright/xds-api/gen/envoy/config/core/v3/address_pb";
import { TrafficDirection } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import { type Listener, ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import { contentOf, trafficOf } from "../../model/protocol.ts";
import type { Service, ServicePort } from "../../model/service.ts";
import { destinationAddress } from "../filters/destination-address.ts";
import { outboundHttp } from "../filters/http-connection-manager.ts";
import type { Filter } from "../filters/network-filter.ts";
import { tcpProxy, uncountedTcpProxy } from "../filters/tcp-proxy.ts";
import {
  anyAddress,
  clusterNames,
  httpRouteName,
  listenerName,
  listenerNames,
  outboundClusterName,
  sniffedRouteName,
} from "../names.ts";
import { anySocketAddress, socketAddress } from "../socket-address.ts";
import { isSharedHttpPort, type SharedHttpPort } from "./http-ports.ts";
import { httpInspector, sniffedHttp } from "./listener-filters.ts";

/** Who counts what the pod sends. */
const source = { kind: "source" } as const;

/** How long a client may be silent before a sniffed connection is taken for one in which the server speaks first. */
const sniffTimeout = durationFromMs(5_000);

/**
 * Translates the listener that all outbound connections of the pod come to. It hands each to the listener of its
 * original destination, and serves itself what has none.
 */
export function translateVirtualOutbound(settings: MeshSettings, stack: IpStack): Listener {
  return create(ListenerSchema, {
    ...outbound(listenerNames.outbound, anySocketAddress(ports.outbound, stack)),
    useOriginalDst: true,
    filterChains: [
      {
        // A direct call to the proxy's own port would go round in circles.
        name: "virtualOutbound-blackhole",
        filterChainMatch: { destinationPort: ports.outbound },
        filters: [uncountedTcpProxy(clusterNames.blackHole, settings)],
      },
      { name: "virtualOutbound-catchall-tcp", filters: unknownDestination(settings) },
    ],
  });
}

/** Translates the listener that all Services with an HTTP port of this number share; the route table tells them apart. */
export function translateHttpListener(
  { port, content }: SharedHttpPort,
  settings: MeshSettings,
  stack: IpStack,
): Listener {
  const name = listenerName(anyAddress, port);
  return create(ListenerSchema, {
    ...unbound(name, anySocketAddress(port, stack)),
    // Also connections to unknown hosts on this port come here, and they may carry anything. No time limit, as in
    // Istio: a client that opens a connection before it needs one must not be sent past the mesh.
    listenerFilters: [httpInspector([])],
    listenerFiltersTimeout: durationFromMs(0),
    continueOnListenerFiltersTimeout: true,
    filterChains: [
      httpChain([
        destinationAddress(),
        outboundHttp({ statPrefix: `outbound_${name};`, content, routeConfigName: httpRouteName(port) }, settings),
      ]),
    ],
    defaultFilterChain: { name: "PassthroughFilterChain", filters: unknownDestination(settings) },
  });
}

/**
 * Translates the listeners on a Service's own addresses: for its ports that carry bytes, or of which nothing is known.
 *
 * @param addresses the Service's own, or those of all its endpoints if it is headless
 */
export function translateServiceListeners(
  service: Service,
  addresses: readonly string[],
  settings: MeshSettings,
): readonly Listener[] {
  const own = service.ports.filter((port) => !isSharedHttpPort(port));
  return addresses.flatMap((address) => own.map((port) => translateServiceListener(service, port, address, settings)));
}

function translateServiceListener(
  service: Service,
  port: ServicePort,
  address: string,
  settings: MeshSettings,
): Listener {
  const name = listenerName(address, port.port);
  // Only clusters that do not know their endpoints look at where a connection was meant to go.
  const remember = service.addressing.kind === "headless" ? [destinationAddress()] : [];
  const tcp = {
    name,
    filters: [...remember, tcpProxy(outboundClusterName(service, port.port, settings), source, settings)],
  };
  const base = unbound(name, socketAddress(address, port.port));
  if (trafficOf(port.protocol) === "tcp") return create(ListenerSchema, { ...base, filterChains: [tcp] });
  const routeConfigName = sniffedRouteName(service, port.port, settings);
  const content = contentOf(port.protocol);
  const http = outboundHttp({ statPrefix: `outbound_${name};`, content, routeConfigName }, settings);
  return create(ListenerSchema, {
    ...base,
    listenerFilters: [httpInspector([])],
    listenerFiltersTimeout: sniffTimeout,
    continueOnListenerFiltersTimeout: true,
    filterChains: [httpChain([...remember, http])],
    defaultFilterChain: tcp,
  });
}

function httpChain(filters: Filter[]) {
  return { name: "http", filterChainMatch: { applicationProtocols: [...sniffedHttp] }, filters };
}

function unknownDestination(settings: MeshSettings): Filter[] {
  if (settings.outboundTraffic === "registryOnly") return [tcpProxy(clusterNames.blackHole, source, settings)];
  return [destinationAddress(), tcpProxy(clusterNames.passthrough, source, settings)];
}

function outbound(name: string, address: Address) {
  return { name, address, trafficDirection: TrafficDirection.OUTBOUND };
}

/** A listener that no connection reaches by itself, only through the one that all outbound connections come to. */
function unbound(name: string, address: Address) {
  return { ...outbound(name, address), bindToPort: false };
}
