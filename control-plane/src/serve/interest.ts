import { ClientNames } from "./client-names.ts";
import type { IsKnown, NameSet, NameSets } from "./name-sets.ts";

/** Subscribing to this name means every resource of the type. */
export const wildcardName = "*";

/** The part of a delta request that says what the client wants. */
export interface InterestRequest {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** Versions that the client holds from an earlier stream, by name. They count in the first request of a type alone. */
  readonly initialVersions: Readonly<Record<string, string>>;
}

/** What a request changed of the interest. */
export interface InterestChange {
  /** Names to answer, whatever the client knows of them; none comes twice. */
  readonly asked: readonly string[];
  /** Names of which the client no longer hears by name; under a wildcard it still does. */
  readonly dropped: readonly string[];
  readonly wildcard: "began" | "ended" | "unchanged";
}

/**
 * What a client wants of one type: names, everything, or both.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-docs/xds_protocol#how-the-client-specifies-what-resources-to-return
 */
export class Interest {
  readonly #names = new ClientNames();
  readonly #nameSets: NameSets;
  readonly #wildcardWhenEmpty: boolean;
  #wildcard = false;
  #isFirst = true;

  /** @param wildcardWhenEmpty whether a first request without names means everything, as for clusters and listeners */
  constructor(nameSets: NameSets, wildcardWhenEmpty: boolean) {
    this.#nameSets = nameSets;
    this.#wildcardWhenEmpty = wildcardWhenEmpty;
  }

  has(name: string): boolean {
    return this.#wildcard || this.#names.has(name);
  }

  /** Whether the client asked for it by name, not only by asking for everything. */
  hasName(name: string): boolean {
    return this.#names.has(name);
  }

  /** Names that the client asked for by name. */
  get names(): Pick<ClientNames, "size"> & Iterable<string> {
    return this.#names;
  }

  get isWildcard(): boolean {
    return this.#wildcard;
  }

  /** Whether nothing was asked for yet. */
  get isFirst(): boolean {
    return this.#isFirst;
  }

  /** Applies a request; unsubscribing comes first, so that a name in both lists is asked for anew. */
  apply({ subscribe, unsubscribe }: InterestRequest, isKnown: IsKnown): InterestChange {
    const was = this.#wildcard;
    const dropped = unsubscribe.filter((name) => name !== wildcardName && this.#names.delete(name));
    const asked = this.#ask(withoutWildcard(subscribe), isKnown);
    if (unsubscribe.includes(wildcardName)) this.#wildcard = false;
    if (subscribe.includes(wildcardName) || this.#isLegacyWildcard(subscribe, unsubscribe)) this.#wildcard = true;
    this.#isFirst = false;
    return { asked, dropped, wildcard: wildcardChange(was, this.#wildcard) };
  }

  #ask(names: readonly string[], isKnown: IsKnown): readonly string[] {
    const known = this.#nameSets.of(names, isKnown);
    if (known !== undefined) return this.#askAlike(known);
    const { size } = this.#names;
    for (const name of names) this.#names.add(name);
    return this.#names.size === size + names.length ? names : [...new Set(names)];
  }

  #askAlike(known: NameSet): readonly string[] {
    this.#names.addSet(known);
    return known.list;
  }

  /** A client that leaves the wildcard before it asked for anything does not want it: it asks on demand. */
  #isLegacyWildcard(subscribe: readonly string[], unsubscribe: readonly string[]): boolean {
    if (!this.#isFirst || !this.#wildcardWhenEmpty) return false;
    return subscribe.length === 0 && !unsubscribe.includes(wildcardName);
  }
}

/** Most often there is none, and of a thousand names no copy is made. */
function withoutWildcard(names: readonly string[]): readonly string[] {
  return names.includes(wildcardName) ? names.filter((name) => name !== wildcardName) : names;
}

function wildcardChange(was: boolean, is: boolean): InterestChange["wildcard"] {
  if (was === is) return "unchanged";
  return is ? "began" : "ended";
}
