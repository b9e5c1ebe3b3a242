import type { Collection } from "@meshwright/collections/collection";
import type { Group } from "@meshwright/collections/group";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { EncodedResource } from "../serve/view.ts";
import { translateInboundClusters } from "../translate/cluster/original-destination.ts";
import { translateVirtualInbound } from "../translate/listener/inbound.ts";
import type { Encoder } from "./encoder.ts";
import type { Origins } from "./origins.ts";
import { clusterKind, listenerKind } from "./resource-kinds.ts";
import type { Scope } from "./scopes.ts";
import { only, type Settings } from "./sources.ts";
import { areSameResources } from "./translated.ts";

/** What sidecars need for the connections that come to their pods, once per shape, for the shapes of connected proxies. */
export interface Inbound {
  /** The clusters through which a sidecar reaches its own application, by cluster shape. */
  readonly clusters: Collection<readonly EncodedResource[]>;
  /** The listener to which connections come, by listener shape. */
  readonly listeners: Collection<readonly EncodedResource[]>;
}

export function deriveInbound(scopes: Collection<Scope>, settings: Settings, encoder: Encoder): Inbound {
  const byClusterShape = indexBy(scopes, ({ clusterShape }) => [clusterShape]);
  const byListenerShape = indexBy(scopes, ({ listenerShape }) => [listenerShape]);
  return {
    clusters: map(
      firstOfEach(byClusterShape),
      ({ inbound, traits, clusterShape }) => {
        const translate = () => translateInboundClusters(inbound.ports, traits.ipStack);
        return encoder.encode(clusterKind, translate, originsOf(byClusterShape, clusterShape));
      },
      areSameResources,
    ),
    listeners: map(
      firstOfEach(byListenerShape),
      ({ inbound, traits, listenerShape }, _, fetch) => {
        const current = fetch.get(settings, only);
        if (current === undefined) return undefined;
        const translate = () => [translateVirtualInbound(inbound, current, traits.ipStack)];
        return encoder.encode(listenerKind, translate, originsOf(byListenerShape, listenerShape));
      },
      areSameResources,
    ),
  };
}

/** One scope of each shape, which stands for all: what is made of it depends on the shape alone. */
function firstOfEach(groups: Collection<Group<Scope>>): Collection<Scope> {
  return map(
    groups,
    ({ values }) => values[0],
    () => true,
  );
}

/** The objects behind all workloads of a shape. */
function originsOf(groups: Collection<Group<Scope>>, shape: string): Origins {
  return () => {
    const all = (groups.get(shape)?.values ?? []).flatMap(({ origins }) => origins);
    return [...new Map(all.map((origin) => [`${origin.kind} ${origin.namespace}/${origin.name}`, origin])).values()];
  };
}
