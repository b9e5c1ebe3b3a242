import type { Collection, Value } from "@meshwright/collections/collection";
import type { Fetch } from "@meshwright/collections/fetch";
import { flatMap } from "@meshwright/collections/flat-map";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { EncodedResource, ResourceMap } from "../serve/view.ts";
import { only, type Settings } from "./sources.ts";

/** Resources by name. */
export type Resources = Collection<EncodedResource>;

/** Makes resources of a value, under the settings that hold. */
export type TranslationOf<I> = (value: I, settings: MeshSettings, fetch: Fetch) => readonly EncodedResource[];

/**
 * Makes resources of each value of a collection; none before there are settings. One that is encoded to the same bytes is
 * the one before. Of several of one name, as of two headless Services with the same pods, the first by key has it.
 */
export function translated<I extends Value>(
  input: Collection<I>,
  settings: Settings,
  translate: TranslationOf<I>,
): Resources {
  return flatMap(
    input,
    (value, _, fetch) => {
      const current = fetch.get(settings, only);
      const resources = current === undefined ? [] : translate(value, current, fetch);
      return resources.map((resource) => [resource.name, resource] as const);
    },
    isSameResource,
  );
}

export function isSameResource(a: EncodedResource, b: EncodedResource): boolean {
  return a.name === b.name && a.version === b.version;
}

export function areSameResources(a: readonly EncodedResource[], b: readonly EncodedResource[]): boolean {
  return (
    a.length === b.length && a.every((resource, place) => b[place] !== undefined && isSameResource(resource, b[place]))
  );
}

/** Whether two maps hold the same resources, so that whoever has the one need not hear of the other. */
export function holdSame(a: ResourceMap, b: ResourceMap): boolean {
  return a.size === b.size && a.entries().every(([name, { version }]) => b.get(name)?.version === version);
}
