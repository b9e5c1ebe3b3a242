import { create } from "@bufbuild/protobuf";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { dnsModule } from "@meshwright/contract/dns-capture";
import { ports } from "@meshwright/contract/ports";
import { packAny } from "@meshwright/xds-api/any";
import { type Listener, ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { DynamicModuleListenerFilterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/listener/dynamic_modules/v3/dynamic_modules_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";
import { uncountedTcpProxy } from "../filters/tcp-proxy.ts";
import { clusterNames, listenerNames } from "../names.ts";
import { socketAddress } from "../socket-address.ts";

/**
 * Translates what the mesh knows of names for the module that answers them. It is the configuration of a listener filter on
 * a listener without a socket, to which no connection is ever led: that the queries themselves come to another listener,
 * of the bootstrap, lets a Service come or go without the loss of one.
 */
export function translateDnsTable(services: readonly Service[], settings: MeshSettings): Listener {
  const filterConfig = packAny(StringValueSchema, { value: table(services, settings) });
  const module = { dynamicModuleConfig: { name: dnsModule }, filterName: "table", filterConfig };
  const typedConfig = packAny(DynamicModuleListenerFilterSchema, module);
  return create(ListenerSchema, {
    name: listenerNames.dnsTable,
    address: socketAddress("127.0.0.1", ports.dns),
    bindToPort: false,
    listenerFilters: [
      { name: "envoy.filters.listener.dynamic_modules", configType: { case: "typedConfig", value: typedConfig } },
    ],
    filterChains: [{ filters: [uncountedTcpProxy(clusterNames.blackHole, settings)] }],
  });
}

/**
 * Renders the table in the form that `proxy/native/modules/dns.c` describes: the cluster's domain, and the Services by name in byte
 * order, each with the addresses of its own. One without any, a headless Service, stands there too: what is below its name
 * is the nameserver's to say. An alias does not: the nameserver says where it leads, and nothing is below it.
 */
function table(services: readonly Service[], settings: MeshSettings): string {
  const lines = services.flatMap(({ name, namespace, addressing }) => {
    if (addressing.kind === "alias") return [];
    const addresses = addressing.kind === "virtual" ? addressing.addresses : [];
    return [{ name: `${name}.${namespace}`, line: [`${name}.${namespace}`, ...addresses].join(" ") }];
  });
  // Names are ASCII, so that the order of strings is that of bytes.
  const sorted = lines.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [settings.clusterDomain, ...sorted.map(({ line }) => line)].join("\n");
}
