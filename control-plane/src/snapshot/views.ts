import type { Collection } from "@meshwright/collections/collection";
import type { Fetch } from "@meshwright/collections/fetch";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { EncodedResource, ProxyTraits, ProxyView, ResourceMap } from "../serve/view.ts";
import type { Inbound } from "./inbound.ts";
import { LayeredResources } from "./layered-resources.ts";
import type { OutboundListeners } from "./listeners.ts";
import type { Scope } from "./scopes.ts";
import type { Resources } from "./translated.ts";

/** What views are put together from. */
export interface ViewInputs {
  readonly scopes: Collection<Scope>;
  readonly clusters: Resources;
  readonly endpoints: Resources;
  readonly listeners: OutboundListeners;
  readonly secrets: Resources;
  /** By namespace. */
  readonly routes: Collection<ResourceMap>;
  readonly inbound: Inbound;
}

const nothing: ResourceMap = new Map();

/** What connected proxies see. A change of a view is one change, however many proxies have it. */
export interface Views {
  /** Name of each proxy's view, by the key of the connection. */
  readonly names: Collection<string>;
  /** By name: one for each scope and shape. Parts that did not change are the same maps. */
  readonly views: Collection<ProxyView>;
}

export function deriveViews(inputs: ViewInputs): Views {
  const { scopes, endpoints, secrets, routes } = inputs;
  const names = map(scopes, viewName);
  const byView = indexBy(scopes, (scope) => [viewName(scope)]);
  const clusterMaps = clustersByShape(inputs);
  const listenerMaps = listenersByShape(inputs);
  const views = map(
    byView,
    ({ values: [scope] }, _, fetch): ProxyView | undefined => {
      if (scope === undefined) return undefined;
      return new Map([
        [typeUrls.cluster, fetch.get(clusterMaps, scope.clusterShape) ?? nothing],
        [typeUrls.endpoint, fetch.all(endpoints)],
        [typeUrls.listener, fetch.get(listenerMaps, scope.listenerShape) ?? nothing],
        [typeUrls.route, fetch.get(routes, scope.namespace) ?? nothing],
        [typeUrls.secret, fetch.all(secrets)],
      ]);
    },
    isSameView,
  );
  return { names, views };
}

function clustersByShape({ inbound, clusters }: ViewInputs): Collection<LayeredResources> {
  const own = map(inbound.clusters, byName);
  return map(own, (resources, _, fetch) => new LayeredResources([fetch.all(clusters), resources]), haveSameParts);
}

function listenersByShape({ scopes, inbound, listeners }: ViewInputs): Collection<LayeredResources> {
  const own = map(inbound.listeners, byName);
  const traits = map(
    indexBy(scopes, ({ listenerShape }) => [listenerShape]),
    ({ values }) => values[0]?.traits,
    () => true,
  );
  return map(
    traits,
    (known, shape, fetch) =>
      new LayeredResources([...outboundOf(listeners, known, fetch), fetch.get(own, shape) ?? nothing]),
    haveSameParts,
  );
}

function outboundOf(listeners: OutboundListeners, traits: ProxyTraits, fetch: Fetch): readonly ResourceMap[] {
  const onAddresses = fetch.all(listeners.byStack[traits.ipStack]);
  return traits.capturesDns ? [onAddresses, fetch.all(listeners.dnsTable)] : [onAddresses];
}

function byName(resources: readonly EncodedResource[]): ResourceMap {
  return new Map(resources.map((resource) => [resource.name, resource]));
}

function haveSameParts(a: LayeredResources, b: LayeredResources): boolean {
  return a.hasPartsOf(b);
}

/** Resources that did not change keep their maps, so that looking into these is not needed. */
function isSameView(a: ProxyView, b: ProxyView): boolean {
  return a.size === b.size && a.entries().every(([type, resources]) => b.get(type) === resources);
}

function viewName({ namespace, listenerShape }: Scope): string {
  return `${namespace}/${listenerShape}`;
}
