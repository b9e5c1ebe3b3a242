import type { Figures } from "./figures.ts";

type Counts = Pick<Figures, "listeners" | "clusters" | "routeTables" | "virtualHosts">;

/** What is read of Envoy's `/config_dump`. Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/admin/v3/config_dump.proto */
export interface ConfigDump {
  readonly configs: readonly ConfigSection[];
}

interface ConfigSection {
  readonly static_listeners?: readonly object[];
  readonly dynamic_listeners?: readonly object[];
  readonly static_clusters?: readonly object[];
  readonly dynamic_active_clusters?: readonly object[];
  readonly static_route_configs?: readonly RouteSection[];
  readonly dynamic_route_configs?: readonly RouteSection[];
}

interface RouteSection {
  readonly route_config?: { readonly virtual_hosts?: readonly object[] };
}

/** What is read of Envoy's `/clusters?format=json`. */
export interface ClusterStatuses {
  readonly cluster_statuses?: readonly { readonly host_statuses?: readonly object[] }[];
}

/** Counts what Envoy has, from the bootstrap and from the control plane; inline route tables count as tables. */
export function countConfig({ configs }: ConfigDump): Counts {
  const all = <Item>(pick: (section: ConfigSection) => readonly Item[] | undefined): Item[] =>
    configs.flatMap((section) => pick(section) ?? []);
  const tables = [
    ...all(({ static_route_configs }) => static_route_configs),
    ...all(({ dynamic_route_configs }) => dynamic_route_configs),
  ];
  return {
    listeners:
      all(({ static_listeners }) => static_listeners).length + all((section) => section.dynamic_listeners).length,
    clusters:
      all(({ static_clusters }) => static_clusters).length + all((section) => section.dynamic_active_clusters).length,
    routeTables: tables.length,
    virtualHosts: tables.flatMap(({ route_config }) => route_config?.virtual_hosts ?? []).length,
  };
}

export function countEndpoints({ cluster_statuses = [] }: ClusterStatuses): number {
  return cluster_statuses.flatMap(({ host_statuses = [] }) => host_statuses).length;
}
