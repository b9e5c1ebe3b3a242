import { create } from "@bufbuild/protobuf";
import type { VirtualHost } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_components_pb";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import { trafficOf } from "../../model/protocol.ts";
import type { Service } from "../../model/service.ts";
import { isSharedHttpPort } from "../listener/http-ports.ts";
import { httpRouteName, sniffedRouteName } from "../names.ts";
import { serviceDomains } from "./domains.ts";
import { translateServiceHost } from "./service-host.ts";
import { translateUnknownHost } from "./unknown-host.ts";

/** A Service behind the HTTP listener that a port's Services share, with all that leads to it. */
export interface HttpHost {
  readonly service: Service;
  readonly port: number;
  /** Services that are other names for it. */
  readonly aliases: readonly Service[];
  /** Those of its addresses that are no other's: Envoy refuses a whole table in which a domain stands twice. */
  readonly addresses: readonly string[];
}

/**
 * What stands in the table of a port around its Services. A table is translated in parts, since those of namespaces hold the
 * same hosts but for a few: encodings of parts, one after the other, are the encoding of the whole.
 * Source: https://protobuf.dev/programming-guides/encoding/#last-one-wins
 */
export interface TableFrame {
  readonly before: RouteConfiguration;
  readonly after: RouteConfiguration;
}

/** Translates the frame of the route table that the HTTP listener of a port asks for. */
export function translateTableFrame(port: number, settings: MeshSettings): TableFrame {
  return {
    before: create(RouteConfigurationSchema, { name: httpRouteName(port) }),
    after: create(RouteConfigurationSchema, {
      virtualHosts: [translateUnknownHost(settings.outboundTraffic)],
      validateClusters: false,
    }),
  };
}

/**
 * Translates the part of a port's table that is about one Service, as a namespace sees it. A request to an alias of a
 * Service is a request to that Service.
 */
export function translateHttpHost(host: HttpHost, fromNamespace: string, settings: MeshSettings): RouteConfiguration {
  const { service, port, aliases, addresses } = host;
  const names = [service, ...aliases].flatMap((called) =>
    serviceDomains(called, port, fromNamespace, called === service ? addresses : [], settings),
  );
  return create(RouteConfigurationSchema, { virtualHosts: [translateServiceHost(service, port, names, settings)] });
}

/** Namespaces that see a host by a short name, each once; all others see it alike. */
export function namespacesOf({ service, aliases }: HttpHost): ReadonlySet<string> {
  return new Set([service, ...aliases].map(({ namespace }) => namespace));
}

/**
 * Translates the route tables of the ports that listen on a Service's own addresses and may carry HTTP: whatever the
 * host, the connection was made to this Service.
 */
export function translateSniffedRoutes(service: Service, settings: MeshSettings): readonly RouteConfiguration[] {
  return service.ports
    .filter((port) => trafficOf(port.protocol) !== "tcp" && !isSharedHttpPort(port))
    .map(({ port }) =>
      table(sniffedRouteName(service, port, settings), [translateServiceHost(service, port, ["*"], settings)]),
    );
}

function table(name: string, virtualHosts: VirtualHost[]): RouteConfiguration {
  return create(RouteConfigurationSchema, { name, virtualHosts, validateClusters: false });
}
