import { wildcardName } from "./interest.ts";

/** What one list of names asks for beyond the one before it. */
export interface WorldChange {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
}

/**
 * What a client of the state-of-the-world variant wants of one type. Each request names everything, so that what it
 * says anew is the difference to the one before.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-docs/xds_protocol#how-the-client-specifies-what-resources-to-return
 */
export class WorldInterest {
  readonly #wildcardWhenEmpty: boolean;
  #names: ReadonlySet<string> = new Set();
  #hasNamed = false;

  /** @param wildcardWhenEmpty whether a client that never named anything wants everything */
  constructor(wildcardWhenEmpty: boolean) {
    this.#wildcardWhenEmpty = wildcardWhenEmpty;
  }

  /** Takes the names of a request; the name `*` stands for the wildcard, also for the one that is not spelt out. */
  apply(names: readonly string[]): WorldChange {
    this.#hasNamed ||= names.length > 0;
    const isLegacyWildcard = this.#wildcardWhenEmpty && !this.#hasNamed;
    const wanted = new Set(isLegacyWildcard ? [wildcardName] : names);
    const subscribe = [...wanted.difference(this.#names)];
    const unsubscribe = [...this.#names.difference(wanted)];
    this.#names = wanted;
    return { subscribe, unsubscribe };
  }
}
