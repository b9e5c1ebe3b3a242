/** Subscribing to this name means every resource of the type. */
const wildcardName = "*";

/** The part of a delta request that says what the client wants. */
export interface InterestRequest {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** Versions that the client holds from an earlier stream, by name. Only in the first request of a type. */
  readonly initialVersions: Readonly<Record<string, string>>;
}

/** What a request changed of the interest. */
export interface InterestChange {
  /** Names to answer, whatever the client knows of them. */
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
  readonly #names = new Set<string>();
  readonly #wildcardWhenEmpty: boolean;
  #wildcard = false;
  #isFirst = true;

  /** @param wildcardWhenEmpty whether a first request without names means everything, as for clusters and listeners */
  constructor(wildcardWhenEmpty: boolean) {
    this.#wildcardWhenEmpty = wildcardWhenEmpty;
  }

  has(name: string): boolean {
    return this.#wildcard || this.#names.has(name);
  }

  /** Whether the client asked for it by name, not only by asking for everything. */
  hasName(name: string): boolean {
    return this.#names.has(name);
  }

  get isWildcard(): boolean {
    return this.#wildcard;
  }

  /** Applies a request; unsubscribing comes first, so that a name in both lists is asked for anew. */
  apply({ subscribe, unsubscribe }: InterestRequest): InterestChange {
    const was = this.#wildcard;
    const dropped = unsubscribe.filter((name) => name !== wildcardName && this.#names.delete(name));
    const asked = subscribe.filter((name) => name !== wildcardName);
    for (const name of asked) this.#names.add(name);
    if (unsubscribe.includes(wildcardName)) this.#wildcard = false;
    if (subscribe.includes(wildcardName) || this.#isLegacyWildcard(subscribe)) this.#wildcard = true;
    this.#isFirst = false;
    return { asked, dropped, wildcard: wildcardChange(was, this.#wildcard) };
  }

  #isLegacyWildcard(subscribe: readonly string[]): boolean {
    return this.#isFirst && this.#wildcardWhenEmpty && subscribe.length === 0;
  }
}

function wildcardChange(was: boolean, is: boolean): InterestChange["wildcard"] {
  if (was === is) return "unchanged";
  return is ? "began" : "ended";
}
