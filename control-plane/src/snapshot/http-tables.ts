import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import type { Fetch } from "@meshwright/collections/fetch";
import { flatMap } from "@meshwright/collections/flat-map";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { RouteConfiguration } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import type { EncodedResource } from "../serve/view.ts";
import { httpRouteName } from "../translate/names.ts";
import { type HttpHost, namespacesOf, translateHttpHost, translateTableFrame } from "../translate/route/outbound.ts";
import type { Encoder } from "./encoder.ts";
import { serviceReference } from "./origins.ts";
import { routeKind } from "./resource-kinds.ts";
import { only, type Settings } from "./sources.ts";
import { isSameResource } from "./translated.ts";

/** What route tables of HTTP ports are made of. */
export interface TableInputs {
  readonly settings: Settings;
  readonly hosts: Collection<HttpHost>;
  readonly ports: Collection<number>;
  /** Those in which a proxy is connected: nobody else needs a table. */
  readonly namespaces: Collection<string>;
}

/** Namespace of nobody: its view of a port has no short names, and serves every namespace without Services on the port. */
const nobody = "";

/** One table: that of a port as a namespace sees it. */
interface TableKey {
  readonly port: number;
  readonly viewer: string;
}

/** A host's part of its port's tables, encoded once for all of them. */
interface HostParts {
  readonly host: HttpHost;
  readonly forAnybody: Uint8Array;
  /** For the namespaces that see it by short names. */
  readonly byNamespace: ReadonlyMap<string, Uint8Array>;
}

/** The route tables of HTTP ports that each namespace sees, by namespace. */
export function deriveHttpTables(inputs: TableInputs, encoder: Encoder): Collection<readonly EncodedResource[]> {
  const { hosts, ports, namespaces } = inputs;
  const viewers = flatMap(hosts, (host) =>
    namespacesOf(host)
      .values()
      .map((ns) => [`${host.port}/${ns}`, true] as const),
  );
  const tablesOf = (namespace: string, fetch: Fetch): readonly TableKey[] =>
    [...fetch.all(ports).values()].map((port) => {
      const isViewer = fetch.get(viewers, `${port}/${namespace}`) !== undefined;
      return { port, viewer: isViewer ? namespace : nobody };
    });
  const wanted = flatMap(
    namespaces,
    (namespace, _, fetch) => tablesOf(namespace, fetch).map((table) => [tableName(table), table] as const),
    isDeepStrictEqual,
  );
  const tables = assemble(wanted, encodeHosts(inputs, encoder), inputs.settings, encoder);
  return map(namespaces, (namespace, _, fetch) =>
    tablesOf(namespace, fetch).flatMap((table) => fetch.get(tables, tableName(table)) ?? []),
  );
}

function encodeHosts({ hosts, namespaces, settings }: TableInputs, encoder: Encoder): Collection<HostParts> {
  return map(
    hosts,
    (host, _, fetch) => {
      const current = fetch.get(settings, only);
      if (current === undefined) return undefined;
      const seenFrom = (namespace: string) =>
        encoder.encodePart(routeKind, () => translateHttpHost(host, namespace, current));
      const viewers = [...namespacesOf(host)].filter((namespace) => fetch.get(namespaces, namespace) !== undefined);
      const byNamespace = new Map(viewers.map((namespace) => [namespace, seenFrom(namespace)]));
      return { host, forAnybody: seenFrom(nobody), byNamespace };
    },
    areSameParts,
  );
}

function assemble(
  wanted: Collection<TableKey>,
  parts: Collection<HostParts>,
  settings: Settings,
  encoder: Encoder,
): Collection<EncodedResource> {
  const byPort = indexBy(parts, ({ host }) => [String(host.port)]);
  return map(
    wanted,
    ({ port, viewer }, _, fetch) => {
      const [group, current] = [fetch.get(byPort, String(port))?.values ?? [], fetch.get(settings, only)];
      if (current === undefined) return undefined;
      const { before, after } = translateTableFrame(port, current);
      const part = (message: RouteConfiguration) => encoder.encodePart(routeKind, () => message);
      const hosts = group.map(({ forAnybody, byNamespace }) => byNamespace.get(viewer) ?? forAnybody);
      const origins = () =>
        (byPort.get(String(port))?.values ?? []).flatMap(({ host }) =>
          [host.service, ...host.aliases].map(serviceReference),
        );
      return encoder.encodeParts(routeKind, httpRouteName(port), [part(before), ...hosts, part(after)], origins);
    },
    isSameResource,
  );
}

function areSameParts(a: HostParts, b: HostParts): boolean {
  return isDeepStrictEqual(a.forAnybody, b.forAnybody) && isDeepStrictEqual(a.byNamespace, b.byNamespace);
}

function tableName({ port, viewer }: TableKey): string {
  return `${port}/${viewer}`;
}
