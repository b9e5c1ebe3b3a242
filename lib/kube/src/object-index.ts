import type { KubeObject, ObjectKey } from "./types.ts";

/** Objects by namespace and name, so that one namespace is read without a look at the others. */
export class ObjectIndex<T extends KubeObject> {
  readonly #namespaces = new Map<string, Map<string, T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get({ namespace = "", name }: ObjectKey): T | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  /** All objects, or those of one namespace. */
  list(namespace?: string): readonly T[] {
    if (namespace !== undefined) return [...(this.#namespaces.get(namespace)?.values() ?? [])];
    return this.#namespaces
      .values()
      .flatMap((objects) => objects.values())
      .toArray();
  }

  set(object: T): void {
    const { namespace = "", name } = object.metadata;
    const objects = this.#namespaces.get(namespace) ?? new Map<string, T>();
    this.#namespaces.set(namespace, objects);
    if (!objects.has(name)) this.#size += 1;
    objects.set(name, object);
  }

  delete({ metadata: { namespace = "", name } }: T): void {
    const objects = this.#namespaces.get(namespace);
    if (objects?.delete(name) === true) this.#size -= 1;
    if (objects?.size === 0) this.#namespaces.delete(namespace);
  }
}
