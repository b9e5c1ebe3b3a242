import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import type { Fetch } from "@meshwright/collections/fetch";
import { flatMap } from "@meshwright/collections/flat-map";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { RouteConfiguration } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import type { EncodedResource, ObjectReference } from "../serve/view.ts";
import { httpRouteName } from "../translate/names.ts";
import { type HttpHost, namespacesOf, translateHttpHost, translateTableFrame } from "../translate/route/outbound.ts";
import type { Encoder } from "./encoder.ts";
import { listedOrigins, serviceReference } from "./origins.ts";
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
interface HostPart {
  readonly host: HttpHost;
  /** Namespaces that see it by short names, and thus have another part. */
  readonly near: ReadonlySet<string>;
  readonly bytes: Uint8Array;
}

/** Parts by the keys of hosts; what near namespaces see, by those keys, a slash and the namespace. */
interface Parts {
  readonly forAnybody: Collection<HostPart>;
  readonly near: Collection<Uint8Array>;
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

function encodeHosts({ hosts, namespaces, settings }: TableInputs, encoder: Encoder): Parts {
  const seenFrom = (namespace: string, host: HttpHost, fetch: Fetch): Uint8Array | undefined => {
    const current = fetch.get(settings, only);
    return current && encoder.encodePart(routeKind, () => translateHttpHost(host, namespace, current));
  };
  const forAnybody = map(
    hosts,
    (host, _, fetch) => {
      const bytes = seenFrom(nobody, host, fetch);
      return bytes && { host, near: namespacesOf(host), bytes };
    },
    isDeepStrictEqual,
  );
  const near = flatMap(
    hosts,
    (host, key, fetch) =>
      [...namespacesOf(host)].flatMap((namespace) => {
        const isSeen = fetch.get(namespaces, namespace) !== undefined;
        const bytes = isSeen ? seenFrom(namespace, host, fetch) : undefined;
        return bytes === undefined ? [] : [[`${key}/${namespace}`, bytes] as const];
      }),
    isDeepStrictEqual,
  );
  return { forAnybody, near };
}

function assemble(
  wanted: Collection<TableKey>,
  { forAnybody, near }: Parts,
  settings: Settings,
  encoder: Encoder,
): Collection<EncodedResource> {
  const byPort = indexBy(forAnybody, ({ host }) => [String(host.port)]);
  const lists = map(byPort, ({ values }) => values.flatMap(({ host }) => hostOrigins(host)));
  return map(
    wanted,
    ({ port, viewer }, _, fetch) => {
      const [group, current] = [fetch.get(byPort, String(port))?.entries() ?? [], fetch.get(settings, only)];
      if (current === undefined) return undefined;
      const { before, after } = translateTableFrame(port, current);
      const frame = (message: RouteConfiguration) => encoder.encodePart(routeKind, () => message);
      const hosts = group.map(([key, part]) => {
        const own = part.near.has(viewer) ? fetch.get(near, `${key}/${viewer}`) : undefined;
        return own ?? part.bytes;
      });
      const parts = [frame(before), ...hosts, frame(after)];
      return encoder.encodeParts(routeKind, httpRouteName(port), parts, listedOrigins(lists, String(port)));
    },
    isSameResource,
  );
}

function hostOrigins({ service, aliases }: HttpHost): readonly ObjectReference[] {
  return [service, ...aliases].map(serviceReference);
}

function tableName({ port, viewer }: TableKey): string {
  return `${port}/${viewer}`;
}
