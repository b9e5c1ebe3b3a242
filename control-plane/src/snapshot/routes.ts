import type { Collection } from "@meshwright/collections/collection";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { ResourceMap } from "../serve/view.ts";
import { translateSniffedRoutes } from "../translate/route/outbound.ts";
import type { Encoder } from "./encoder.ts";
import { deriveHttpHosts } from "./http-hosts.ts";
import { deriveHttpTables } from "./http-tables.ts";
import { serviceOrigin } from "./origins.ts";
import { routeKind } from "./resource-kinds.ts";
import type { Settings, Sources } from "./sources.ts";
import { holdSame, type Resources, translated } from "./translated.ts";

/** What route tables are made of. */
export interface RouteInputs extends Pick<Sources, "services" | "proxies"> {
  readonly settings: Settings;
  readonly httpPorts: Collection<number>;
}

/** Route tables by name, for each namespace in which a proxy is connected. */
export function deriveRoutes(inputs: RouteInputs, encoder: Encoder): Collection<ResourceMap> {
  const { services, settings, proxies, httpPorts: ports } = inputs;
  const namespaces = map(
    indexBy(proxies, ({ workload }) => [workload.namespace]),
    (_, namespace) => namespace,
  );
  const tables = deriveHttpTables({ settings, ports, namespaces, hosts: deriveHttpHosts(services, settings) }, encoder);
  const sniffed = sniffedRoutes(inputs, encoder);
  return map(
    namespaces,
    (namespace, _, fetch) => {
      const own = fetch.get(tables, namespace) ?? [];
      return new Map([...own.map((table) => [table.name, table] as const), ...fetch.all(sniffed)]);
    },
    holdSame,
  );
}

/** Route tables of ports that belong to one Service. */
function sniffedRoutes({ services, settings }: RouteInputs, encoder: Encoder): Resources {
  return translated(services, settings, (service, current) =>
    encoder.encode(routeKind, () => translateSniffedRoutes(service, current), serviceOrigin(service)),
  );
}
