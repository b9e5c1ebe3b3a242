import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import type {
  FilterChain,
  Filter as NetworkFilter,
} from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_components_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import {
  HttpConnectionManagerSchema,
  type HttpFilter,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { typeUrl, typeUrls } from "@meshwright/xds-api/type-urls";

/** Types of the filters that Istio's own build of Envoy has, and no release of Envoy. */
const lackingTypes: ReadonlySet<string> = new Set([
  typeUrl("istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig"),
  typeUrl("io.istio.http.peer_metadata.Config"),
  typeUrl("envoy.tcp.metadataexchange.config.MetadataExchange"),
  typeUrl("stats.PluginConfig"),
]);

const managerType = typeUrl(HttpConnectionManagerSchema.typeName);

/** Counts the filters that were left out, by name. */
export type LeftOut = Map<string, number>;

/**
 * Returns a resource of istiod without the filters that an Envoy release does not have, which it would reject; every other
 * byte of the resource's meaning stays. What is of another type than clusters and listeners has none.
 */
export function withoutLackingFilters(resource: Any, leftOut: LeftOut): Any {
  switch (resource.typeUrl) {
    case typeUrls.cluster:
      return clusterWithout(resource, leftOut);
    case typeUrls.listener:
      return listenerWithout(resource, leftOut);
    default:
      return resource;
  }
}

function clusterWithout(resource: Any, leftOut: LeftOut): Any {
  const cluster = fromBinary(ClusterSchema, resource.value);
  const filters = kept(cluster.filters, ({ typedConfig }) => typedConfig, leftOut);
  // Most have none, and are passed on as they came.
  if (filters.length === cluster.filters.length) return resource;
  return packed(resource, toBinary(ClusterSchema, { ...cluster, filters }));
}

function listenerWithout(resource: Any, leftOut: LeftOut): Any {
  const listener = fromBinary(ListenerSchema, resource.value);
  const { defaultFilterChain: last } = listener;
  const changed = {
    ...listener,
    filterChains: listener.filterChains.map((chain) => chainWithout(chain, leftOut)),
    ...(last === undefined ? {} : { defaultFilterChain: chainWithout(last, leftOut) }),
  };
  return packed(resource, toBinary(ListenerSchema, changed));
}

function chainWithout(chain: FilterChain, leftOut: LeftOut): FilterChain {
  const filters = kept(chain.filters, typedConfigOf, leftOut);
  return { ...chain, filters: filters.map((filter) => filterWithout(filter, leftOut)) };
}

function filterWithout(filter: NetworkFilter, leftOut: LeftOut): NetworkFilter {
  const config = typedConfigOf(filter);
  if (config?.typeUrl !== managerType) return filter;
  const manager = fromBinary(HttpConnectionManagerSchema, config.value);
  const httpFilters = kept(manager.httpFilters, typedConfigOf, leftOut);
  const value = packed(config, toBinary(HttpConnectionManagerSchema, { ...manager, httpFilters }));
  return { ...filter, configType: { case: "typedConfig", value } };
}

function typedConfigOf({ configType }: NetworkFilter | HttpFilter): Any | undefined {
  return configType.case === "typedConfig" ? configType.value : undefined;
}

function kept<F extends { readonly name: string }>(
  filters: readonly F[],
  config: (filter: F) => Any | undefined,
  leftOut: LeftOut,
): F[] {
  return filters.filter((filter) => {
    const isLacking = lackingTypes.has(typeOf(config(filter)));
    if (isLacking) leftOut.set(filter.name, (leftOut.get(filter.name) ?? 0) + 1);
    return !isLacking;
  });
}

/** A type that istiod has no code of stands inside a TypedStruct, whose first field names it. */
function typeOf(config: Any | undefined): string {
  if (config === undefined || !config.typeUrl.endsWith(".TypedStruct")) return config?.typeUrl ?? "";
  const reader = new BinaryReader(config.value);
  const [field, wireType] = reader.tag();
  return field === 1 && wireType === WireType.LengthDelimited ? reader.string() : "";
}

function packed({ typeUrl }: Any, value: Uint8Array): Any {
  return create(AnySchema, { typeUrl, value });
}
