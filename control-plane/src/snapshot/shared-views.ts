import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { WorkloadInbound } from "../model/inbound-port.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { EncodedResource, ObjectReference, ProxyTraits, ProxyView, ResourceMap } from "../serve/view.ts";
import { clusterShapeOf, inboundClusters, inboundListener, shapeOf } from "./inbound-resources.ts";
import { keepEqual } from "./keep-equal.ts";

/** The parts of views that many proxies share. */
export interface SharedResources {
  readonly settings: MeshSettings;
  readonly clusters: ResourceMap;
  readonly endpoints: ResourceMap;
  readonly listeners: (traits: ProxyTraits) => ResourceMap;
  readonly secrets: ResourceMap;
  /** Route tables of a namespace. */
  readonly routes: (namespace: string) => ResourceMap;
}

/** What a proxy's own pod adds: what decides its outbound side, and all that decides its inbound side. */
export interface ProxyScope {
  readonly namespace: string;
  readonly traits: ProxyTraits;
  readonly inbound: WorkloadInbound;
  /** The objects that decide the inbound side. */
  readonly inboundOrigins: readonly ObjectReference[];
}

/** What many sidecars share of a type, with what a shape adds. */
interface Part {
  readonly shared: ResourceMap;
  readonly own: readonly EncodedResource[];
  readonly all: ResourceMap;
}

/** Parts by shape. */
interface Parts {
  readonly clusters: Map<string, Part>;
  readonly listeners: Map<string, Part>;
}

/** A type of resources to which shapes add. */
interface Addition {
  readonly type: keyof Parts;
  readonly shape: string;
  readonly shared: ResourceMap;
  readonly make: () => readonly EncodedResource[];
}

/**
 * Views at one point in time: one per namespace and shape, however many proxies there are. Parts that did not change
 * since the previous views are the same maps.
 */
export class SharedViews {
  readonly #resources: SharedResources;
  readonly #previous: Pick<SharedViews, "parts" | "settings"> | undefined;
  readonly #parts: Parts = { clusters: new Map(), listeners: new Map() };
  readonly #views = new Map<string, ProxyView>();

  constructor(resources: SharedResources, previous?: SharedViews) {
    this.#resources = resources;
    // Without its own past, or every past state would stay in memory.
    this.#previous = previous && { parts: previous.parts, settings: previous.settings };
  }

  get parts(): Parts {
    return this.#parts;
  }

  get settings(): MeshSettings {
    return this.#resources.settings;
  }

  /** The view of a proxy: the same object for all that see the same. */
  of({ namespace, traits, inbound, inboundOrigins }: ProxyScope): ProxyView {
    const { ipStack, capturesDns } = traits;
    const shape = `${ipStack}/${capturesDns ? "dns" : ""}/${shapeOf(inbound)}`;
    const key = `${namespace}/${shape}`;
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const { settings, clusters, endpoints, listeners, routes, secrets } = this.#resources;
    const clusterShape = `${ipStack}/${clusterShapeOf(inbound)}`;
    const outbound = listeners(traits);
    const cluster = () => inboundClusters(inbound, ipStack, inboundOrigins);
    const listener = () => [inboundListener(inbound, settings, ipStack, inboundOrigins)];
    const view: ProxyView = new Map([
      [typeUrls.cluster, this.#part({ type: "clusters", shape: clusterShape, shared: clusters, make: cluster })],
      [typeUrls.endpoint, endpoints],
      [typeUrls.listener, this.#part({ type: "listeners", shape, shared: outbound, make: listener })],
      [typeUrls.route, routes(namespace)],
      [typeUrls.secret, secrets],
    ]);
    this.#views.set(key, view);
    return view;
  }

  #part(addition: Addition): ResourceMap {
    const parts = this.#parts[addition.type];
    const known = parts.get(addition.shape);
    if (known !== undefined) return known.all;
    const part = this.#makePart(addition);
    parts.set(addition.shape, part);
    return part.all;
  }

  #makePart({ type, shape, shared, make }: Addition): Part {
    const past = this.#previous?.parts[type].get(shape);
    // Under the same settings a shape's own part is what it was.
    if (past === undefined || this.#previous?.settings !== this.#resources.settings) {
      const own = make();
      return { shared, own, all: keepEqual(past?.all, join(shared, own)) };
    }
    return { shared, own: past.own, all: past.shared === shared ? past.all : join(shared, past.own) };
  }
}

function join(shared: ResourceMap, own: readonly EncodedResource[]): ResourceMap {
  return new Map([...shared, ...own.map((resource) => [resource.name, resource] as const)]);
}
