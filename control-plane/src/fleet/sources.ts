import type { FleetProxy, FleetReplica } from "@meshwright/contract/fleet";
import type { Connected, ProxyTable } from "../serve/proxy-table.ts";
import type { Sources } from "./endpoints/endpoint.ts";
import { fleetProxy } from "./fleet-proxy.ts";
import type { Registry } from "./registry.ts";

export interface SourcesOptions {
  readonly table: ProxyTable;
  readonly registry: Registry;
  readonly replica: () => FleetReplica;
  readonly clusterDomain: () => string;
}

/** What the debug port tells, from what serving and the watches know. */
export function sourcesOf(options: SourcesOptions): Sources {
  const { table, registry, replica, clusterDomain } = options;
  return {
    registry,
    replica,
    clusterDomain,
    proxies: (namespace) => proxiesOf(table, namespace),
    view: (node) =>
      table
        .connected()
        .find((connected) => connected.node.id === node)
        ?.view(),
  };
}

/** The namespace is the certificate's, which the node id was compared with. */
function* proxiesOf(table: ProxyTable, namespace: string | undefined): Iterable<FleetProxy> {
  const isWanted = ({ peer }: Connected): boolean => namespace === undefined || peer.namespace === namespace;
  for (const connected of table.connected()) if (isWanted(connected)) yield fleetProxy(connected);
}
