import { create } from "@bufbuild/protobuf";
import { peerHeader, workloadVariables } from "@meshwright/contract/sidecar-metrics";
import {
  HeaderValueOption_HeaderAppendAction as AppendAction,
  HeaderValueOptionSchema,
} from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import type { VirtualHost } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_components_pb";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import { trafficOf } from "../../model/protocol.ts";
import { type Service, serviceKey } from "../../model/service.ts";
import { isSharedHttpPort } from "../listener/http-ports.ts";
import { environment } from "../metrics/operators.ts";
import { hostname, httpRouteName, sniffedRouteName } from "../names.ts";
import { serviceDomains } from "./domains.ts";
import { translateServiceHost } from "./service-host.ts";
import { translateUnknownHost } from "./unknown-host.ts";

/** Tells the server's sidecar what the client is called; in place of what the application may say there. */
const introduction = create(HeaderValueOptionSchema, {
  header: { key: peerHeader, value: environment(workloadVariables.introduction) },
  appendAction: AppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
});

/**
 * Translates the route table that the HTTP listener of a port asks for, as one namespace sees it. A request to an alias of
 * a Service is a request to that Service.
 *
 * @param services those with an HTTP port of that number, and aliases of them; others are skipped
 */
export function translateHttpRoutes(
  port: number,
  services: readonly Service[],
  fromNamespace: string,
  settings: MeshSettings,
): RouteConfiguration {
  const aliases = services.filter(isAlias).toSorted(byKey);
  const present = services
    .filter((service) => hasSharedHttpPort(service, port))
    .toSorted(byKey)
    .map((service) => {
      const called = [service, ...aliases.filter((alias) => isAliasOf(alias, service, settings))];
      return { service, domains: called.flatMap((each) => serviceDomains(each, port, fromNamespace, settings)) };
    });
  const owners = domainOwners(present);
  const hosts = present.flatMap(({ service, domains }) => {
    const own = domains.filter((domain) => owners.get(domain) === service);
    return own.length === 0 ? [] : [translateServiceHost(service, port, own, settings)];
  });
  return table(httpRouteName(port), [...hosts, translateUnknownHost(settings.outboundTraffic)]);
}

function isAlias({ addressing }: Service): boolean {
  return addressing.kind === "alias";
}

/** Whether one Service is another name for a second one. */
export function isAliasOf({ addressing }: Service, service: Service, settings: MeshSettings): boolean {
  return addressing.kind === "alias" && addressing.host === hostname(service, settings);
}

interface ServiceDomains {
  readonly service: Service;
  readonly domains: readonly string[];
}

/** Envoy refuses a whole table in which a domain stands twice: the first Service keeps it. */
function domainOwners(present: readonly ServiceDomains[]): ReadonlyMap<string, Service> {
  const claims = present.flatMap(({ service, domains }) => domains.map((domain) => [domain, service] as const));
  // The last entry of a key wins in a Map.
  return new Map(claims.toReversed());
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

function hasSharedHttpPort(service: Service, port: number): boolean {
  return service.ports.some((candidate) => candidate.port === port && isSharedHttpPort(candidate));
}

function table(name: string, virtualHosts: VirtualHost[]): RouteConfiguration {
  return create(RouteConfigurationSchema, {
    name,
    virtualHosts,
    validateClusters: false,
    requestHeadersToAdd: [introduction],
    // So that a host that is none of the mesh's can take the introduction off again.
    mostSpecificHeaderMutationsWins: true,
  });
}

function byKey(a: Service, b: Service): number {
  const [left, right] = [serviceKey(a), serviceKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
