/** Names that clients ask for together; none comes twice. */
export interface NameSet {
  readonly list: readonly string[];
  readonly set: ReadonlySet<string>;
}

/** Shapes of what proxies may reach; all of one shape ask for the same. */
const keptSets = 8;

/** A set of fewer names costs less than a look for one that is there. */
const fewNames = 16;

/** Says whether a name is that of a resource. */
export type IsKnown = (name: string) => boolean;

/**
 * The sets of names that were asked for last: proxies of one scope ask for the same thousand names in the same order, and
 * a set for each would be most of what a proxy costs. Only names of resources are kept: what a client makes up goes with it.
 */
export class NameSets {
  #kept: readonly NameSet[] = [];

  /** Returns the names as a set that others may hold too; undefined for few names, and when one comes twice or is not known. */
  of(names: readonly string[], isKnown: IsKnown): NameSet | undefined {
    if (names.length < fewNames) return undefined;
    const kept = this.#kept.find(({ list }) => isSameList(list, names));
    if (kept !== undefined) return kept;
    if (!names.every(isKnown)) return undefined;
    const created = { list: names, set: new Set(names) };
    if (created.set.size < names.length) return undefined;
    this.#kept = [created, ...this.#kept].slice(0, keptSets);
    return created;
  }
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
