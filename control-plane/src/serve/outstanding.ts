import type { Batch } from "./batch.ts";
import { absent } from "./due.ts";
import type { KnownVersions } from "./known-versions.ts";
import type { ResourceMap } from "./view.ts";

/** What the client has of one name before and after it took a response; undefined: nothing is known. */
export interface Sent {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A response that is not answered yet, and what the client had before it. */
export class Outstanding {
  readonly nonce: string;
  readonly batch: Batch;
  /** What it is about: resources first, then what is removed. */
  readonly names: readonly string[];
  /** Versions in the order of the names; undefined where nothing was known of any name. */
  readonly #before: readonly (string | undefined)[] | undefined;
  readonly #afterRemoval: string | undefined;

  /** @param isWildcard whether the client wants everything: of what is removed nothing is known any more */
  constructor(nonce: string, batch: Batch, known: KnownVersions, isWildcard: boolean) {
    this.nonce = nonce;
    this.batch = batch;
    this.names = namesOf(batch);
    this.#before = known.isEmpty ? undefined : this.names.map((name) => known.get(name));
    this.#afterRemoval = isWildcard ? undefined : absent;
  }

  /** Notes that the client has what it was sent, as it will unless it rejects it. */
  tell(known: KnownVersions, all: ResourceMap): void {
    const { resources, removed } = this.batch;
    if (this.#before === undefined && resources.length === all.size) known.settle(all);
    else for (const { name, version } of resources) known.set(name, version);
    for (const name of removed) known.set(name, this.#afterRemoval);
  }

  /** Goes back to what the client had, but of what it asked to be told anew meanwhile. */
  takeBack(known: KnownVersions): void {
    for (const [index, name] of this.names.entries())
      if (known.get(name) === this.#after(index)) known.set(name, this.#before?.[index]);
  }

  /** What becomes of one name; undefined when it is not about that name. */
  of(name: string): Sent | undefined {
    const index = this.names.indexOf(name);
    return index < 0 ? undefined : { before: this.#before?.[index], after: this.#after(index) };
  }

  #after(index: number): string | undefined {
    const { resources } = this.batch;
    return index < resources.length ? resources[index]?.version : this.#afterRemoval;
  }
}

/** Of what is new and nothing else, as for a proxy that connects, the list is there already. */
function namesOf({ resources, removed, added }: Batch): readonly string[] {
  if (removed.length === 0 && added.length === resources.length) return added;
  return [...resources.map(({ name }) => name), ...removed];
}
