import type { Collection } from "@meshwright/collections/collection";
import type { Fetch } from "@meshwright/collections/fetch";
import { flatMap } from "@meshwright/collections/flat-map";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { Service } from "../model/service.ts";
import type { EncodedResource, ResourceMap } from "../serve/view.ts";
import { hostname } from "../translate/names.ts";
import { translateHttpRoutes, translateSniffedRoutes } from "../translate/route/outbound.ts";
import type { Encoder } from "./encoder.ts";
import type { HttpPorts } from "./http-ports.ts";
import { serviceOrigin, serviceReference } from "./origins.ts";
import { routeKind } from "./resource-kinds.ts";
import { only, type Sources } from "./sources.ts";
import { holdSame, isSameResource, type Resources, translated } from "./translated.ts";

/** What route tables are made of. */
export interface RouteInputs extends Pick<Sources, "services" | "settings" | "proxies"> {
  readonly httpPorts: HttpPorts;
}

/** Namespace of nobody: its view of a port has no short names, and serves every namespace without Services on the port. */
const nobody = "";

/** One table: that of a port as a namespace sees it. */
interface TableKey {
  readonly port: number;
  readonly viewer: string;
}

/** Route tables by name, for each namespace in which a proxy is connected. */
export function deriveRoutes(inputs: RouteInputs, encoder: Encoder): Collection<ResourceMap> {
  const { httpPorts, proxies } = inputs;
  const onPort = servicesAndAliases(inputs);
  const viewers = flatMap(onPort, (services, port) =>
    services.map(({ namespace }) => [`${port}/${namespace}`, true] as const),
  );
  const namespaces = map(
    indexBy(proxies, ({ workload }) => [workload.namespace]),
    (_, namespace) => namespace,
  );
  const tablesOf = (namespace: string, fetch: Fetch): readonly TableKey[] =>
    [...fetch.all(httpPorts.numbers).values()].map((port) => {
      const isViewer = fetch.get(viewers, `${port}/${namespace}`) !== undefined;
      return { port, viewer: isViewer ? namespace : nobody };
    });
  const wanted = flatMap(
    namespaces,
    (namespace, _, fetch) => tablesOf(namespace, fetch).map((table) => [tableName(table), table] as const),
    isSameTable,
  );
  const tables = deriveTables(wanted, onPort, inputs.settings, encoder);
  const sniffed = sniffedRoutes(inputs, encoder);
  return map(
    namespaces,
    (namespace, _, fetch) => {
      const own = tablesOf(namespace, fetch).flatMap((table) => fetch.get(tables, tableName(table)) ?? []);
      return new Map([...own.map((table) => [table.name, table] as const), ...fetch.all(sniffed)]);
    },
    holdSame,
  );
}

function deriveTables(
  wanted: Collection<TableKey>,
  onPort: Collection<readonly Service[]>,
  settings: Sources["settings"],
  encoder: Encoder,
): Collection<EncodedResource> {
  return map(
    wanted,
    ({ port, viewer }, _, fetch) => {
      const [services, current] = [fetch.get(onPort, String(port)), fetch.get(settings, only)];
      if (services === undefined || current === undefined) return undefined;
      const origins = () => (onPort.get(String(port)) ?? []).map(serviceReference);
      return encoder.encode(routeKind, () => [translateHttpRoutes(port, services, viewer, current)], origins)[0];
    },
    isSameResource,
  );
}

/** The Services that share a port's listener, each followed by its aliases. */
function servicesAndAliases({ services, settings, httpPorts }: RouteInputs): Collection<readonly Service[]> {
  const aliases = map(services, (service) => (service.addressing.kind === "alias" ? service : undefined));
  const byHost = indexBy(aliases, ({ addressing }) => (addressing.kind === "alias" ? [addressing.host] : []));
  return map(
    httpPorts.services,
    (group, _, fetch) => {
      const [current, known] = [fetch.get(settings, only), fetch.all(byHost)];
      if (current === undefined || known.size === 0) return group.values;
      return group.values.flatMap((service) => [service, ...(known.get(hostname(service, current)) ?? [])]);
    },
    areSameServices,
  );
}

/** Route tables of ports that belong to one Service. */
function sniffedRoutes({ services, settings }: RouteInputs, encoder: Encoder): Resources {
  return translated(services, settings, (service, current) =>
    encoder.encode(routeKind, () => translateSniffedRoutes(service, current), serviceOrigin(service)),
  );
}

function tableName({ port, viewer }: TableKey): string {
  return `${port}/${viewer}`;
}

function isSameTable(a: TableKey, b: TableKey): boolean {
  return a.port === b.port && a.viewer === b.viewer;
}

function areSameServices(a: readonly Service[], b: readonly Service[]): boolean {
  return a.length === b.length && a.every((service, place) => service === b[place]);
}
