import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import type { Graph } from "@meshwright/collections/graph";
import { map } from "@meshwright/collections/map";
import { type Source, source } from "@meshwright/collections/source";
import type { EndpointSlice } from "../model/endpoint-slice.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import type { Service } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";
import type { ProxyTraits } from "../serve/view.ts";

/** Key of the one value of a collection that has but one. */
export const only = "";

/** A proxy that is connected now, and its pod as it was when it connected. */
export interface ConnectedProxy {
  readonly workload: Workload;
  readonly traits: ProxyTraits;
}

/** Everything that configuration is made of. Objects stand under their keys, `namespace/name`. */
export interface Sources {
  readonly services: Source<Service>;
  readonly slices: Source<EndpointSlice>;
  readonly workloads: Source<Workload>;
  readonly policies: Source<PeerAuthentication>;
  readonly settings: Source<MeshSettings>;
  /** PEM of the roots that workloads trust. */
  readonly trustBundle: Source<string>;
  /** By a key of the connection. */
  readonly proxies: Source<ConnectedProxy>;
}

/** The settings that hold, or nothing before there are any. */
export type Settings = Collection<MeshSettings>;

/**
 * The settings without the changes of some that have no effect where they are used, so that nothing is made anew for these.
 * Whoever uses them must not look at the ignored ones, which may be out of date.
 */
export function settingsBut(settings: Settings, ignored: readonly (keyof MeshSettings)[]): Settings {
  const heeded = (all: MeshSettings) =>
    Object.entries(all).filter(([name]) => !ignored.some((other) => other === name));
  return map(
    settings,
    (all) => all,
    (a, b) => isDeepStrictEqual(heeded(a), heeded(b)),
  );
}

/** Makes the sources, empty. An object that is written as it was, as after a change of its status, changes nothing. */
export function createSources(graph: Graph): Sources {
  return {
    services: source<Service>(graph, isDeepStrictEqual),
    slices: source<EndpointSlice>(graph, isDeepStrictEqual),
    workloads: source<Workload>(graph, isDeepStrictEqual),
    policies: source<PeerAuthentication>(graph, isDeepStrictEqual),
    settings: source<MeshSettings>(graph, isDeepStrictEqual),
    trustBundle: source(graph),
    proxies: source(graph),
  };
}
