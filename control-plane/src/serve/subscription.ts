import type { Changes } from "./changes.ts";
import { absent, type Due, due } from "./due.ts";
import { Interest, type InterestRequest } from "./interest.ts";
import { isolate } from "./isolate.ts";
import type { EncodedResource, ResourceMap } from "./view.ts";

/** What goes into one response. */
export interface Batch {
  readonly resources: readonly EncodedResource[];
  readonly removed: readonly string[];
  /** Names among the resources that the client did not have before. */
  readonly added: readonly string[];
}

/** Which part of what is pending may be sent now. An answer that a name does not exist counts as an update. */
export type Part = "updates" | "removals" | "all";

/** What a request with a nonce meant. */
export type Answer =
  | { readonly kind: "stale" }
  | { readonly kind: "acked"; readonly names: readonly string[] }
  /** Rejected together; sent again in smaller batches to find the resource at fault. */
  | { readonly kind: "split"; readonly names: readonly string[] }
  /** Rejected alone: not sent again until its content changes or the client asks for it. */
  | { readonly kind: "rejected"; readonly names: readonly string[]; readonly message: string };

/** A resource that the client rejected; it goes on with the version it had before, if any. */
export interface Rejected {
  readonly version: string;
  /** Envoy's own words. */
  readonly message: string;
}

interface Outstanding {
  readonly nonce: string;
  readonly sent: ReadonlyMap<string, Sent>;
}

/** What the client has of one name before and after it took a response. */
interface Sent {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * What one client was sent of one type, and what it still has to be sent: the delta xDS protocol without any I/O.
 * It holds names that may differ, never copies of resources, so a slow client costs little and always gets the newest.
 *
 * At most one response is unanswered at a time.
 */
export class Subscription {
  readonly #changes: Changes;
  readonly #interest: Interest;
  readonly #versions = new Map<string, string>();
  readonly #pending = new Set<string>();
  readonly #rejected = new Map<string, Rejected>();
  /** Names to be sent apart from each other, to find the one that the client rejects. */
  #lots: Set<string>[] = [];
  #resources: ResourceMap;
  #outstanding: Outstanding | undefined;
  #ackedNonce: string | undefined;
  /** A client that asks for everything waits for an answer, even when there is nothing. */
  #owesAnswer = false;

  constructor(resources: ResourceMap, changes: Changes, wildcardWhenEmpty: boolean) {
    this.#resources = resources;
    this.#changes = changes;
    this.#interest = new Interest(wildcardWhenEmpty);
  }

  /** Takes in what the client wants and, on a new stream, what it already has. */
  request(request: InterestRequest): void {
    const { asked, dropped, wildcard } = this.#interest.apply(request);
    if (wildcard === "began") this.#beginWildcard();
    if (wildcard === "ended") this.#forgetUnwanted();
    for (const name of dropped) this.#drop(name);
    for (const name of asked) this.#askAgain(name);
    for (const [name, version] of Object.entries(request.initialVersions)) {
      if (!this.#interest.has(name)) continue;
      this.#versions.set(name, version);
      this.#pending.add(name); // it may be gone by now
    }
  }

  /** Takes the newest resources; what the client already has is not sent again. */
  offer(resources: ResourceMap): void {
    for (const name of this.#changes.between(this.#resources, resources)) {
      if (this.#interest.has(name)) this.#pending.add(name);
    }
    this.#resources = resources;
  }

  /** Has resources that the client wants sent once more, changed or not. */
  refresh(names: readonly string[]): void {
    for (const name of names) if (this.#interest.has(name)) this.#askAgain(name);
  }

  /** Takes the answer to a response. An answer to any but the last one says nothing any more. */
  answer(nonce: string, error: string | undefined): Answer {
    const outstanding = this.#outstanding;
    if (outstanding?.nonce !== nonce) return { kind: "stale" };
    this.#outstanding = undefined;
    if (error !== undefined) return this.#reject(outstanding.sent, error);
    this.#ackedNonce = nonce;
    const names = [...outstanding.sent.keys()];
    for (const name of names) this.#rejected.delete(name);
    return { kind: "acked", names };
  }

  /** Takes what may be sent now; undefined while a response is unanswered, or when there is nothing. */
  next(nonce: string, part: Part): Batch | undefined {
    if (this.#outstanding !== undefined) return undefined;
    const batch = this.#takeBatch(part);
    const owesAnswer = this.#owesAnswer && part !== "removals";
    if (isEmpty(batch) && !owesAnswer) return undefined;
    this.#owesAnswer = false;
    this.#outstanding = { nonce, sent: this.#record(batch) };
    return batch;
  }

  /** Whether the client answered all and nothing is left to send. */
  get isSettled(): boolean {
    return this.#outstanding === undefined && this.#pending.size === 0 && this.#lots.length === 0;
  }

  /** Whether something that the client does not have yet is still to be sent. */
  get hasNew(): boolean {
    return [this.#pending, ...this.#lots].some((lot) => lot.values().some((name) => isNew(this.#due(name))));
  }

  get isWildcard(): boolean {
    return this.#interest.isWildcard;
  }

  get sentNonce(): string | undefined {
    return this.#outstanding?.nonce ?? this.#ackedNonce;
  }

  get ackedNonce(): string | undefined {
    return this.#ackedNonce;
  }

  get rejected(): ReadonlyMap<string, Rejected> {
    return this.#rejected;
  }

  /** Version of a resource that the client is proven to use. */
  ackedVersion(name: string): string | undefined {
    const sent = this.#outstanding?.sent.get(name);
    return (sent === undefined ? this.#versions.get(name) : sent.before) || undefined;
  }

  #beginWildcard(): void {
    this.#owesAnswer = true;
    for (const name of this.#resources.keys()) this.#pending.add(name);
  }

  #forgetUnwanted(): void {
    for (const name of this.#versions.keys()) if (!this.#interest.has(name)) this.#versions.delete(name);
  }

  #askAgain(name: string): void {
    this.#versions.delete(name);
    this.#rejected.delete(name);
    this.#pending.add(name);
  }

  /** A name that is still wanted by the wildcard is told anew: the client may have dropped the resource. */
  #drop(name: string): void {
    if (this.#resources.has(name)) this.#versions.delete(name);
    if (!this.#interest.has(name)) this.#versions.delete(name);
    this.#rejected.delete(name);
    this.#pending.add(name);
  }

  #due(name: string): Due {
    return due({
      isWanted: this.#interest.has(name),
      isNamed: this.#interest.hasName(name),
      resource: this.#resources.get(name),
      known: this.#versions.get(name),
      rejected: this.#rejected.get(name)?.version,
    });
  }

  /** What is left of a lot may have to wait for its part; nothing else waits for it. */
  #takeBatch(part: Part): Batch {
    for (const lot of [...this.#lots, this.#pending]) {
      const batch = this.#take(lot, part);
      if (isEmpty(batch)) continue;
      this.#forgetEmptyLots();
      return batch;
    }
    this.#forgetEmptyLots();
    return { resources: [], removed: [], added: [] };
  }

  #forgetEmptyLots(): void {
    this.#lots = this.#lots.filter((lot) => lot.size > 0);
  }

  /** Takes out of a lot what may be sent, and what need not be. */
  #take(lot: Set<string>, part: Part): Batch {
    const resources: EncodedResource[] = [];
    const removed: string[] = [];
    const added: string[] = [];
    for (const name of lot) {
      const next = this.#due(name);
      if (!isAllowed(next, part)) continue;
      lot.delete(name);
      if (next.kind === "update") resources.push(next.resource);
      if (isNew(next)) added.push(name);
      if (next.kind === "removal" || next.kind === "missing") removed.push(name);
    }
    return { resources, removed, added };
  }

  #record({ resources, removed }: Batch): Map<string, Sent> {
    const told = this.#interest.isWildcard ? undefined : absent;
    const sent = new Map<string, Sent>();
    for (const { name, version } of resources) sent.set(name, { before: this.#versions.get(name), after: version });
    for (const name of removed) sent.set(name, { before: this.#versions.get(name), after: told });
    for (const [name, { after }] of sent) this.#know(name, after);
    return sent;
  }

  #know(name: string, version: string | undefined): void {
    if (version === undefined) this.#versions.delete(name);
    else this.#versions.set(name, version);
  }

  #reject(sent: ReadonlyMap<string, Sent>, message: string): Answer {
    const names = [...sent.keys()];
    if (names.length > 1) {
      for (const [name, change] of sent) this.#takeBack(name, change);
      this.#lots.push(...isolate(names, message).map((lot) => new Set(lot)));
      return { kind: "split", names };
    }
    for (const [name, change] of sent) {
      // a removal that is refused is not repeated: there is nothing else to send in its place
      if (change.after === undefined || change.after === absent) continue;
      this.#takeBack(name, change);
      this.#rejected.set(name, { version: change.after, message });
    }
    return { kind: "rejected", names, message };
  }

  /** Goes back to what the client had, unless it was asked to be told anew meanwhile. */
  #takeBack(name: string, { before, after }: Sent): void {
    if (this.#versions.get(name) === after) this.#know(name, before);
  }
}

function isEmpty({ resources, removed }: Batch): boolean {
  return resources.length === 0 && removed.length === 0;
}

function isNew(next: Due): boolean {
  return next.kind === "update" && next.isNew;
}

function isAllowed(next: Due, part: Part): boolean {
  switch (next.kind) {
    case "nothing":
      return true;
    case "update":
    case "missing":
      return part !== "removals";
    case "removal":
      return part !== "updates";
  }
}
