import type { EncodedResource, ResourceMap } from "../serve/view.ts";

/**
 * Several maps of resources as one: what all proxies share, and what a shape adds. A copy for each shape would hold shapes times
 * Services. No two of the parts hold the same name.
 */
export class LayeredResources implements ResourceMap {
  readonly #parts: readonly ResourceMap[];

  constructor(parts: readonly ResourceMap[]) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#parts.reduce((sum, { size }) => sum + size, 0);
  }

  get(name: string): EncodedResource | undefined {
    for (const part of this.#parts) {
      const resource = part.get(name);
      if (resource !== undefined) return resource;
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *entries(): Generator<[string, EncodedResource], undefined> {
    for (const part of this.#parts) yield* part.entries();
    return undefined;
  }

  *keys(): Generator<string, undefined> {
    for (const part of this.#parts) yield* part.keys();
    return undefined;
  }

  *values(): Generator<EncodedResource, undefined> {
    for (const part of this.#parts) yield* part.values();
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, EncodedResource], undefined> {
    return this.entries();
  }

  forEach(callback: (resource: EncodedResource, name: string, map: ResourceMap) => void): void {
    for (const part of this.#parts) part.forEach((resource, name) => callback(resource, name, this));
  }

  /** Whether it is put together from the same maps. */
  hasPartsOf(other: LayeredResources): boolean {
    return (
      this.#parts.length === other.#parts.length && this.#parts.every((part, place) => part === other.#parts[place])
    );
  }
}
