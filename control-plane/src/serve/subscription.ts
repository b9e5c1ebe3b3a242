import { type Batch, isEmpty, type Part, type Room, takeBatch, unlimited } from "./batch.ts";
import { type Due, due, isUpdate } from "./due.ts";
import { Interest, type InterestRequest } from "./interest.ts";
import { isolate } from "./isolate.ts";
import { KnownVersions } from "./known-versions.ts";
import { Outstanding } from "./outstanding.ts";
import { PendingNames } from "./pending-names.ts";
import type { Shared } from "./shared.ts";
import { SizedList } from "./sized-list.ts";
import type { ObjectReference, ResourceMap } from "./view.ts";

/** What a request with a nonce meant. */
export type Answer =
  | { readonly kind: "stale" }
  | { readonly kind: "acked"; readonly names: readonly string[] }
  /** Rejected together; sent again in smaller batches to find the resource at fault. */
  | { readonly kind: "split"; readonly names: readonly string[] }
  /** Rejected alone: not sent again until its content changes or the client asks for it. */
  | { readonly kind: "rejected"; readonly names: readonly string[]; readonly rejected: Rejected };

/** A resource that the client rejected; it goes on with the version it had before, if any. */
export interface Rejected {
  /** Empty: its removal was rejected. */
  readonly version: string;
  /** Envoy's own words. */
  readonly message: string;
  /** The objects of which it was made. */
  readonly origins: readonly ObjectReference[];
}

/**
 * What one client was sent of one type, and what it still has to be sent: the delta xDS protocol without any I/O.
 * It holds names that may differ, never copies of resources, so a slow client costs little and always gets the newest.
 *
 * At most one response is unanswered at a time.
 */
export class Subscription {
  readonly #shared: Shared;
  readonly #interest: Interest;
  readonly #versions = new KnownVersions();
  readonly #pending = new PendingNames();
  readonly #rejected = new Map<string, Rejected>();
  /** Names to be sent apart from each other, to find the one that the client rejects. */
  #lots: PendingNames[] = [];
  #resources: ResourceMap;
  #outstanding: Outstanding | undefined;
  #ackedNonce: string | undefined;
  #longestName = 0;
  /** What there was no room for, as long as nothing has changed since: it is asked again at each event of any type. */
  #tooLarge: { readonly part: Part; readonly bytes: number } | undefined;
  /** A client that asks for everything waits for an answer, even when there is nothing. */
  #owesAnswer = false;

  constructor(resources: ResourceMap, shared: Shared, wildcardWhenEmpty: boolean) {
    this.#resources = resources;
    this.#shared = shared;
    this.#interest = new Interest(shared.nameSets, wildcardWhenEmpty);
  }

  /** Takes in what the client wants and, on a new stream, what it already has. */
  request(request: InterestRequest): void {
    this.#tooLarge = undefined;
    const { isFirst } = this.#interest;
    const subscribe = request.subscribe.map((name) => this.#nameOf(name));
    this.#longestName = subscribe.reduce((longest, { length }) => Math.max(longest, length), 0);
    const { asked, dropped, wildcard } = this.#interest.apply({ ...request, subscribe }, (name) =>
      this.#resources.has(name),
    );
    if (wildcard === "began") this.#beginWildcard();
    if (wildcard === "ended") this.#versions.keepOnly(this.#interest.names);
    for (const name of dropped) this.#drop(name);
    if (!this.#versions.isEmpty) for (const name of asked) this.#versions.set(name, undefined);
    if (this.#rejected.size > 0) for (const name of asked) this.#rejected.delete(name);
    this.#pending.addAll(asked);
    if (isFirst) this.#resume(request.initialVersions);
  }

  /** Takes the newest resources; what the client already has is not sent again. */
  offer(resources: ResourceMap): void {
    if (resources === this.#resources) return;
    const changed = this.#shared.changes.between(this.#resources, resources);
    this.#resources = resources;
    this.#tooLarge = undefined;
    for (const name of changed) {
      if (this.#interest.has(name)) this.#pending.add(name);
      if (this.#rejected.has(name)) this.#forgetRejection(name);
    }
    this.#shareVersions();
  }

  /** Has resources that the client wants sent once more, changed or not. */
  refresh(names: readonly string[]): void {
    this.#tooLarge = undefined;
    for (const name of names) if (this.#interest.has(name)) this.#askAgain(name);
  }

  /** Takes the answer to a response. An answer to any but the last one says nothing any more. */
  answer(nonce: string, error: string | undefined): Answer {
    const outstanding = this.#outstanding;
    if (outstanding?.nonce !== nonce) return { kind: "stale" };
    this.#outstanding = undefined;
    this.#tooLarge = undefined;
    if (error !== undefined) return this.#reject(outstanding, error);
    this.#ackedNonce = nonce;
    const { names } = outstanding;
    if (this.#rejected.size > 0) for (const name of names) this.#rejected.delete(name);
    this.#shareVersions();
    return { kind: "acked", names };
  }

  /** Takes what may be sent now; undefined while a response is unanswered, or when there is nothing; "tooLarge" when there is no room. */
  next(nonce: string, part: Part, room: Room = unlimited): Batch | "tooLarge" | undefined {
    if (!this.mayHaveNext) return undefined;
    if (this.#isKnownTooLarge(part, room)) return "tooLarge";
    const batch = this.#takeBatch(part, room);
    this.#tooLarge = batch === "tooLarge" ? { part, bytes: room.bytes } : undefined;
    if (batch === "tooLarge") return batch;
    const owesAnswer = this.#owesAnswer && part !== "removals";
    if (isEmpty(batch) && !owesAnswer) {
      this.#shareVersions();
      return undefined;
    }
    this.#owesAnswer = false;
    this.#outstanding = new Outstanding(nonce, batch, this.#versions, this.#interest.isWildcard);
    this.#outstanding.tell(this.#versions, this.#resources);
    return batch;
  }

  /** Whether it is worth asking what may be sent now: most often, of most types, it is not. */
  get mayHaveNext(): boolean {
    return this.#outstanding === undefined && (this.#hasPending || this.#owesAnswer);
  }

  /** Whether the client answered all and nothing is left to send. */
  get isSettled(): boolean {
    return this.#outstanding === undefined && !this.#hasPending;
  }

  get #hasPending(): boolean {
    return this.#pending.size > 0 || this.#lots.length > 0;
  }

  /** Whether something that the client does not have yet is still to be sent. */
  get hasNew(): boolean {
    if (!this.#hasPending) return false;
    return [this.#pending, ...this.#lots].some((lot) => Iterator.from(lot).some((name) => this.#due(name) === "new"));
  }

  /** Names that the client asked for by name, with the versions that it is proven to use. */
  ackedVersions(): readonly (readonly [name: string, version: string])[] {
    return [...this.#interest.names].flatMap((name) => {
      const version = this.ackedVersion(name);
      return version === undefined ? [] : [[name, version] as const];
    });
  }

  wants(name: string): boolean {
    return this.#interest.has(name);
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

  /** How many names the client asked for by name. */
  get nameCount(): number {
    return this.#interest.names.size;
  }

  /** Length of the longest name that the last request asked for, in characters. */
  get longestName(): number {
    return this.#longestName;
  }

  /** How many versions are held for this client alone. */
  get ownSize(): number {
    return this.#versions.ownSize;
  }

  /** Version of a resource that the client is proven to use. */
  ackedVersion(name: string): string | undefined {
    if (!this.#interest.has(name)) return undefined;
    const sent = this.#outstanding?.of(name);
    return (sent === undefined ? this.#versions.get(name) : sent.before) || undefined;
  }

  /** One string for all clients that ask for a resource, instead of each its own. */
  #nameOf(name: string): string {
    return this.#resources.get(name)?.name ?? name;
  }

  #beginWildcard(): void {
    this.#owesAnswer = true;
    this.#versions.keepOnly(this.#interest.names);
    this.#pending.addAll(namesOf(this.#resources));
  }

  /** Takes in what a client has from an earlier stream, so that only what differs is sent. */
  #resume(versions: InterestRequest["initialVersions"]): void {
    for (const [name, version] of Object.entries(versions)) {
      if (!this.#interest.has(name)) continue;
      this.#versions.set(this.#nameOf(name), version);
      this.#pending.add(this.#nameOf(name)); // it may be gone by now
    }
  }

  #shareVersions(): void {
    if (this.isSettled && this.#rejected.size === 0) this.#versions.settle(this.#resources);
  }

  #askAgain(name: string): void {
    this.#forgetWhatItHas(name);
    this.#pending.add(name);
  }

  #forgetWhatItHas(name: string): void {
    this.#versions.set(name, undefined);
    if (this.#rejected.size > 0) this.#rejected.delete(name);
  }

  /** A name that is still wanted by the wildcard is told anew: the client may have dropped the resource. */
  #drop(name: string): void {
    if (this.#resources.has(name) || !this.#interest.has(name)) this.#versions.set(name, undefined);
    this.#rejected.delete(name);
    this.#pending.add(name);
  }

  /** What is no longer wanted is no longer rejected, where the client is not asked again: it is gone, or what the client has. */
  #forgetRejection(name: string): void {
    const isStillWanted = this.#resources.get(name)?.version === this.#rejected.get(name)?.version;
    if (!isStillWanted && !isUpdate(this.#due(name))) this.#rejected.delete(name);
  }

  #due(name: string): Due {
    if (!this.#interest.has(name)) return "nothing";
    const rejected = this.#rejected.size === 0 ? undefined : this.#rejected.get(name)?.version;
    const resource = this.#resources.get(name);
    return due(resource, this.#interest.hasName(name), this.#versions.get(name), rejected);
  }

  /** What is left of a lot may have to wait for its part; nothing else waits for it. */
  #takeBatch(part: Part, room: Room): Batch | "tooLarge" {
    const ofClient = { resources: this.#resources, due: (name: string) => this.#due(name) };
    for (const lot of [...this.#lots, this.#pending]) {
      const taken = takeBatch(lot, ofClient, part, room);
      if (taken === "tooLarge") return taken;
      if (isEmpty(taken)) continue;
      this.#forgetEmptyLots();
      return taken;
    }
    this.#forgetEmptyLots();
    return { resources: [], removed: [], added: [] };
  }

  #isKnownTooLarge(part: Part, { kind, bytes }: Room): boolean {
    return kind === "whole" && this.#tooLarge?.part === part && bytes <= this.#tooLarge.bytes;
  }

  #forgetEmptyLots(): void {
    this.#lots = this.#lots.filter((lot) => lot.size > 0);
  }

  #reject(outstanding: Outstanding, message: string): Answer {
    const { names } = outstanding;
    if (names.length > 1) {
      outstanding.takeBack(this.#versions);
      this.#lots.push(...isolate(names, message).map((lot) => new PendingNames(lot)));
      return { kind: "split", names };
    }
    return { kind: "rejected", names, rejected: this.#rejectAlone(outstanding, message) };
  }

  /** A removal that is refused is not repeated: there is nothing else to send in its place. */
  #rejectAlone(outstanding: Outstanding, message: string): Rejected {
    const [resource] = outstanding.batch.resources;
    if (resource === undefined) return { version: "", message, origins: [] };
    const { name, version, origins } = resource;
    const rejected = { version, message, origins };
    outstanding.takeBack(this.#versions);
    this.#rejected.set(name, rejected);
    return rejected;
  }
}

function namesOf(resources: ResourceMap): readonly string[] {
  const names = new SizedList<string>(resources.size);
  resources.forEach((_, name) => names.add(name));
  return names.done();
}
