import { create } from "@bufbuild/protobuf";
import { durationFromMs, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { dnsModule, nameserverCluster } from "@meshwright/contract/dns-capture";
import { ports } from "@meshwright/contract/ports";
import { packAny } from "@meshwright/xds-api/any";
import { SocketAddress_Protocol } from "@meshwright/xds-api/gen/envoy/config/core/v3/address_pb";
import { type Listener, ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { DynamicModuleUdpListenerFilterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/udp/dynamic_modules/v3/dynamic_modules_pb";
import { RouteSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/udp/udp_proxy/v3/route_pb";
import { UdpProxyConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/udp/udp_proxy/v3/udp_proxy_pb";
import { listenerName } from "../names.ts";

/** After this long without an answer resolvers ask anew, by another port. Source: resolv.conf(5), `timeout` */
const queryTimeout = durationFromMs(5_000);

/** The largest query or answer by UDP. No resolver asks for more than 4096 bytes (RFC 6891, 6.2.5); Envoy's own limit is 1500. */
const maxDatagramBytes = 4096n;

/**
 * Translates the listener to which the pod's queries for names come: the module answers what is in the table, everything
 * else goes unchanged to the nameserver that it was meant for, and its answer back.
 */
export function translateDnsListener(address: string, table: string): Listener {
  const name = listenerName(address, ports.dns);
  const portSpecifier = { case: "portValue", value: ports.dns } as const;
  const socket = { address, portSpecifier, protocol: SocketAddress_Protocol.UDP };
  return create(ListenerSchema, {
    name,
    address: { address: { case: "socketAddress", value: socket } },
    udpListenerConfig: { downstreamSocketConfig: { maxRxDatagramSize: maxDatagramBytes } },
    listenerFilters: [knownNames(table), otherNames(`outbound_${name}`)],
  });
}

function knownNames(table: string) {
  const config = packAny(DynamicModuleUdpListenerFilterSchema, {
    dynamicModuleConfig: { name: dnsModule },
    filterName: "dns",
    filterConfig: packAny(StringValueSchema, { value: table }),
  });
  return filter("envoy.filters.udp_listener.dynamic_modules", config);
}

function otherNames(statPrefix: string) {
  const route = packAny(RouteSchema, { cluster: nameserverCluster });
  const action = { case: "action", value: { name: "route", typedConfig: route } } as const;
  const config = packAny(UdpProxyConfigSchema, {
    statPrefix,
    idleTimeout: queryTimeout,
    upstreamSocketConfig: { maxRxDatagramSize: maxDatagramBytes },
    routeSpecifier: { case: "matcher", value: { onNoMatch: { onMatch: action } } },
  });
  return filter("envoy.filters.udp_listener.udp_proxy", config);
}

function filter(name: string, value: ReturnType<typeof packAny>) {
  return { name, configType: { case: "typedConfig", value } } as const;
}
