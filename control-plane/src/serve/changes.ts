import type { ResourceMap } from "./view.ts";

/**
 * Works out which names differ between two maps of resources, once for all proxies that go from the one to the other:
 * thousands of proxies share a scope's map, and comparing it for each would make a change cost proxies x resources.
 */
export class Changes {
  readonly #known = new WeakMap<ResourceMap, WeakMap<ResourceMap, readonly string[]>>();

  /** Names that are in only one of the maps, or in another version. */
  between(from: ResourceMap, to: ResourceMap): readonly string[] {
    if (from === to) return [];
    const known = this.#known.get(to) ?? new WeakMap<ResourceMap, readonly string[]>();
    this.#known.set(to, known);
    const names = known.get(from) ?? compare(from, to);
    known.set(from, names);
    return names;
  }
}

function compare(from: ResourceMap, to: ResourceMap): readonly string[] {
  const changed = [...to.values()].filter(({ name, version }) => from.get(name)?.version !== version);
  const removed = [...from.keys()].filter((name) => !to.has(name));
  return [...changed.map(({ name }) => name), ...removed];
}
