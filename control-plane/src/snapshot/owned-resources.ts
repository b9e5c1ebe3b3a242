import type { EncodedResource, ResourceMap } from "../serve/view.ts";

/** Resources of one type, in groups that are replaced as a whole: those of one Service, of one port. */
export class OwnedResources {
  readonly #byOwner = new Map<string, readonly EncodedResource[]>();
  #merged: ResourceMap | undefined;

  /** Replaces an owner's resources; equal ones are kept as they are, so that what did not change is not sent. */
  set(owner: string, resources: readonly EncodedResource[]): void {
    if (areEqual(this.#byOwner.get(owner) ?? [], resources)) return;
    if (resources.length === 0) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, resources);
    this.#merged = undefined;
  }

  /**
   * All resources by name; the same map until something changes. Of two owners of one name, as of two headless Services
   * with the same pods, the first by key has it, whoever came first.
   */
  current(): ResourceMap {
    this.#merged ??= this.#merge();
    return this.#merged;
  }

  #merge(): ResourceMap {
    // The last entry of a key wins in a Map.
    const owners = [...this.#byOwner].toSorted(([a], [b]) => (a < b ? 1 : -1));
    return new Map(owners.flatMap(([, resources]) => resources.map((resource) => [resource.name, resource] as const)));
  }
}

function areEqual(a: readonly EncodedResource[], b: readonly EncodedResource[]): boolean {
  return (
    a.length === b.length &&
    a.every((resource, index) => resource.name === b[index]?.name && resource.version === b[index].version)
  );
}
