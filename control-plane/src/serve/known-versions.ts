import { absent } from "./due.ts";
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
  #differences = new Map<string, string | undefined>();
  /** Names of which it was told that they do not exist. */
  readonly #absent = new Set<string>();

  get(name: string): string | undefined {
    if (this.#absent.size > 0 && this.#absent.has(name)) return absent;
    const version = this.#differences.get(name);
    return version !== undefined || this.#differences.has(name) ? version : this.#base.get(name)?.version;
  }

  set(name: string, version: string | undefined): void {
    if (version === absent) this.#absent.add(name);
    else if (this.#absent.size > 0) this.#absent.delete(name);
    if (version !== undefined || this.#base.has(name)) this.#differences.set(name, version);
    else this.#differences.delete(name);
  }

  /** Says that the client has every resource of the map that it wants; what it was told of other names stays. */
  settle(base: ResourceMap): void {
    if (base === this.#base && this.#differences.size === 0) return;
    this.#base = base;
    if (this.#differences.size > 0) this.#differences = new Map();
    for (const name of this.#absent) if (base.has(name)) this.#absent.delete(name);
  }

  /** Keeps what is known of some names and forgets the rest. */
  keepOnly(names: Iterable<string>): void {
    const kept = [...names].map((name) => [name, this.get(name)] as const);
    this.#base = new Map();
    this.#differences = new Map();
    this.#absent.clear();
    for (const [name, version] of kept) this.set(name, version);
  }

  /** Whether nothing is known of any name. */
  get isEmpty(): boolean {
    return this.#base.size === 0 && this.#differences.size === 0 && this.#absent.size === 0;
  }

  /** How many versions are held for this client alone. */
  get ownSize(): number {
    return this.#differences.size;
  }
}
