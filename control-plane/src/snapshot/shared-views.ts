import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { InboundPort } from "../model/inbound-port.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { EncodedResource, ProxyView, ResourceMap } from "../serve/view.ts";
import { type InboundResources, inboundResources, shapeOf } from "./inbound-resources.ts";
import { keepEqual } from "./keep-equal.ts";

/** The parts of views that many proxies share. */
export interface SharedResources {
  readonly settings: MeshSettings;
  readonly clusters: ResourceMap;
  readonly endpoints: ResourceMap;
  readonly listeners: ResourceMap;
  readonly secrets: ResourceMap;
  /** Route tables of a namespace. */
  readonly routes: (namespace: string) => ResourceMap;
}

/** What a proxy's own pod adds: the namespace that decides its outbound side, the ports that decide its inbound side. */
export interface ProxyScope {
  readonly namespace: string;
  readonly inboundPorts: readonly InboundPort[];
}

interface Shape {
  readonly inbound: InboundResources;
  readonly clusters: ResourceMap;
  readonly listeners: ResourceMap;
}

/**
 * Views at one point in time: one per namespace and shape, however many proxies there are. Parts that did not change
 * since the previous views are the same maps.
 */
export class SharedViews {
  readonly #resources: SharedResources;
  readonly #previous: Pick<SharedViews, "shapes" | "resources"> | undefined;
  readonly #shapes = new Map<string, Shape>();
  readonly #views = new Map<string, ProxyView>();

  constructor(resources: SharedResources, previous?: SharedViews) {
    this.#resources = resources;
    // Without its own past, or every past state would stay in memory.
    this.#previous = previous && { shapes: previous.shapes, resources: previous.resources };
  }

  get shapes(): ReadonlyMap<string, Shape> {
    return this.#shapes;
  }

  get resources(): SharedResources {
    return this.#resources;
  }

  /** The view of a proxy: the same object for all that see the same. */
  of(scope: ProxyScope): ProxyView {
    const shapeName = shapeOf(scope.inboundPorts);
    const key = `${scope.namespace}/${shapeName}`;
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const shape = this.#shape(shapeName, scope.inboundPorts);
    const view: ProxyView = new Map([
      [typeUrls.cluster, shape.clusters],
      [typeUrls.endpoint, this.#resources.endpoints],
      [typeUrls.listener, shape.listeners],
      [typeUrls.route, this.#resources.routes(scope.namespace)],
      [typeUrls.secret, this.#resources.secrets],
    ]);
    this.#views.set(key, view);
    return view;
  }

  #shape(name: string, ports: readonly InboundPort[]): Shape {
    const known = this.#shapes.get(name);
    if (known !== undefined) return known;
    const shape = this.#makeShape(name, ports);
    this.#shapes.set(name, shape);
    return shape;
  }

  #makeShape(name: string, ports: readonly InboundPort[]): Shape {
    const { settings, clusters, listeners } = this.#resources;
    const past = this.#previous?.shapes.get(name);
    if (past !== undefined && this.#previous?.resources.settings === settings) return this.#renewShape(past);
    const inbound = inboundResources(ports, settings);
    return {
      inbound,
      clusters: keepEqual(past?.clusters, join(clusters, inbound.clusters)),
      listeners: keepEqual(past?.listeners, join(listeners, [inbound.listener])),
    };
  }

  /** Under the same settings a shape's own part is what it was. */
  #renewShape({ inbound, ...past }: Shape): Shape {
    const { clusters, listeners } = this.#resources;
    const before = this.#previous?.resources;
    return {
      inbound,
      clusters: before?.clusters === clusters ? past.clusters : join(clusters, inbound.clusters),
      listeners: before?.listeners === listeners ? past.listeners : join(listeners, [inbound.listener]),
    };
  }
}

function join(shared: ResourceMap, own: readonly EncodedResource[]): ResourceMap {
  return new Map([...shared, ...own.map((resource) => [resource.name, resource] as const)]);
}
