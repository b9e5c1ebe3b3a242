import type { ResourceMap } from "./view.ts";

/**
 * What versions one client has. Once it has all of a map that many clients share, only what differs from that map is
 * held: a client that is up to date costs a reference, however many resources it has.
 *
 * An answer is about names that the client wants; of others nothing is known.
 */
export class KnownVersions {
  #base: ResourceMap = new Map();
  /** What differs from the base; undefined: the client does not have it. */
  readonly #differences = new Map<string, string | undefined>();

  get(name: string): string | undefined {
    return this.#differences.has(name) ? this.#differences.get(name) : this.#base.get(name)?.version;
  }

  set(name: string, version: string | undefined): void {
    if (version !== undefined || this.#base.has(name)) this.#differences.set(name, version);
    else this.#differences.delete(name);
  }

  /** Says that the client has every resource of the map that it wants; what it was told of other names stays. */
  settle(base: ResourceMap): void {
    this.#base = base;
    for (const [name, version] of this.#differences)
      if (version === undefined || base.has(name)) this.#differences.delete(name);
  }

  /** Keeps what is known of some names and forgets the rest. */
  keepOnly(names: Iterable<string>): void {
    const kept = [...names].map((name) => [name, this.get(name)] as const);
    this.#base = new Map();
    this.#differences.clear();
    for (const [name, version] of kept) this.set(name, version);
  }

  /** How many versions are held for this client alone. */
  get ownSize(): number {
    return this.#differences.size;
  }
}
