import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import { flatMap } from "@meshwright/collections/flat-map";
import type { Group } from "@meshwright/collections/group";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { EncodedResource, ObjectReference } from "../serve/view.ts";
import { translateInboundClusters } from "../translate/cluster/original-destination.ts";
import { translateVirtualInbound } from "../translate/listener/inbound.ts";
import type { Encoder } from "./encoder.ts";
import { listedOrigins, type OriginLists } from "./origins.ts";
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
  const clusterOrigins = originsByShape(scopes, ({ clusterShape }) => clusterShape);
  const listenerOrigins = originsByShape(scopes, ({ listenerShape }) => listenerShape);
  return {
    clusters: map(
      firstOfEach(indexBy(scopes, ({ clusterShape }) => [clusterShape])),
      ({ inbound, traits, clusterShape }) => {
        const translate = () => translateInboundClusters(inbound.ports, traits.ipStack);
        return encoder.encode(clusterKind, translate, listedOrigins(clusterOrigins, clusterShape));
      },
      areSameResources,
    ),
    listeners: map(
      firstOfEach(indexBy(scopes, ({ listenerShape }) => [listenerShape])),
      ({ inbound, traits, listenerShape }, _, fetch) => {
        const current = fetch.get(settings, only);
        if (current === undefined) return undefined;
        const translate = () => [translateVirtualInbound(inbound, current, traits.ipStack)];
        return encoder.encode(listenerKind, translate, listedOrigins(listenerOrigins, listenerShape));
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

/** The objects behind all workloads of each shape. */
function originsByShape(scopes: Collection<Scope>, shapeOf: (scope: Scope) => string): OriginLists {
  const named = ({ kind, namespace, name }: ObjectReference): string => `${kind} ${namespace}/${name}`;
  const origins = flatMap(
    scopes,
    (scope) => {
      const shape = shapeOf(scope);
      return scope.origins.map((origin) => [`${shape} ${named(origin)}`, { shape, origin }] as const);
    },
    isDeepStrictEqual,
  );
  return map(
    indexBy(origins, ({ shape }) => [shape]),
    ({ values }) => values.map(({ origin }) => origin),
  );
}
