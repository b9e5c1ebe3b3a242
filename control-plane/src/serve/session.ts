import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import { type Batch, type Part, type Room, unlimited } from "./batch.ts";
import type { Conversation, Next } from "./conversation.ts";
import { encodeDeltaResponse } from "./delta-response.ts";
import type { InterestRequest } from "./interest.ts";
import { type Condition, sendOrder } from "./send-order.ts";
import type { Shared } from "./shared.ts";
import type { DiscoveryRequest } from "./stream-request.ts";
import { type Answer, Subscription } from "./subscription.ts";
import type { ProxyView, ResourceMap } from "./view.ts";
import { Warming } from "./warming.ts";

/** One delta request, without the node. */
export interface DeltaRequest extends InterestRequest, DiscoveryRequest {}

const nothing: ResourceMap = new Map();
const nothingDue: Next = { kind: "nothing" };
/**
 * Types that are asked for by name: of all others a first request without names asks for everything. That includes types
 * that we have nothing of, whose client waits for an answer too.
 */
const namedTypes: readonly TypeUrl[] = [typeUrls.endpoint, typeUrls.route, typeUrls.secret];

export function isNamedType(type: TypeUrl): boolean {
  return namedTypes.includes(type);
}

const orderedTypes: readonly TypeUrl[] = sendOrder.map((step) => step.type);

/** One stream's configuration across all types: what goes next, in an order that never breaks traffic. */
export class Session implements Conversation<DeltaRequest> {
  readonly #shared: Shared;
  readonly #subscriptions = new Map<TypeUrl, Subscription>();
  readonly #warming: Warming;
  #view: ProxyView;
  #lastNonce = 0;

  constructor(view: ProxyView, shared: Shared) {
    this.#view = view;
    this.#shared = shared;
    this.#warming = new Warming(this.#ofType(typeUrls.cluster));
  }

  /** Takes a request; the answer that it carries, if any, and what it subscribes to are independent of each other. */
  request(request: DeltaRequest): Answer | undefined {
    const subscription = this.#subscription(request.type);
    const answer = request.nonce === "" ? undefined : subscription.answer(request.nonce, request.error);
    if (answer !== undefined) this.#followWarming(request.type, answer);
    subscription.request(request);
    return answer;
  }

  offer(view: ProxyView): void {
    this.#view = view;
    for (const [type, subscription] of this.#subscriptions) subscription.offer(this.#ofType(type));
    this.#warming.viewChanged(this.#ofType(typeUrls.cluster));
  }

  /** While clusters are held back, endpoints alone may pass them. */
  next(room: Room = unlimited): Next {
    let isHeldBack = false;
    for (const { type, part, when } of sendOrder) {
      if (isHeldBack && type !== typeUrls.endpoint) break;
      const next = this.#isMet(when) ? this.#take(type, part, room) : nothingDue;
      if (next.kind === "response") return next;
      isHeldBack ||= next.kind === "heldBack";
    }
    return isHeldBack ? { kind: "heldBack" } : this.#nextOfOtherTypes(room);
  }

  get mayHaveNext(): boolean {
    for (const subscription of this.#subscriptions.values()) if (subscription.mayHaveNext) return true;
    return false;
  }

  get isWarming(): boolean {
    return !this.#warming.isDone && !this.#warming.isGivenUp;
  }

  giveUpWarming(): void {
    this.#warming.giveUp();
  }

  get subscriptions(): ReadonlyMap<TypeUrl, Subscription> {
    return this.#subscriptions;
  }

  #subscription(type: TypeUrl): Subscription {
    const existing = this.#subscriptions.get(type);
    if (existing !== undefined) return existing;
    const created = new Subscription(this.#ofType(type), this.#shared, !isNamedType(type));
    this.#subscriptions.set(type, created);
    return created;
  }

  #nextOfOtherTypes(room: Room): Next {
    for (const type of this.#subscriptions.keys()) {
      const next = orderedTypes.includes(type) ? nothingDue : this.#take(type, "all", room);
      if (next.kind !== "nothing") return next;
    }
    return nothingDue;
  }

  #take(type: TypeUrl, part: Part, room: Room): Next {
    const subscription = this.#subscriptions.get(type);
    if (subscription?.mayHaveNext !== true) return nothingDue;
    const nonce = String(this.#lastNonce + 1);
    const batch = subscription.next(nonce, part, roomOf(type, room));
    if (batch === undefined) return nothingDue;
    if (batch === "tooLarge") return { kind: "heldBack" };
    this.#lastNonce++;
    if (type === typeUrls.cluster) this.#followClusters(batch);
    const response = { type, nonce, ...batch };
    return { kind: "response", response: { ...response, encode: () => encodeDeltaResponse(response) } };
  }

  #followClusters({ resources, added, removed }: Batch): void {
    this.#warming.clustersSent(added, removed);
    // A changed cluster warms anew, and Envoy does not ask again for endpoints that it has: without them it never finishes.
    this.#subscriptions.get(typeUrls.endpoint)?.refresh(resources.map(({ name }) => name));
  }

  /** What becomes of listeners and routes says nothing of the clusters that they wait for, whatever their names. */
  #followWarming(type: TypeUrl, answer: Answer): void {
    if (type === typeUrls.cluster) this.#followClusterAnswer(answer);
    if (type === typeUrls.endpoint) this.#followEndpointAnswer(answer);
  }

  #followClusterAnswer(answer: Answer): void {
    if (answer.kind === "acked") this.#clustersAcked(answer.names);
    if (answer.kind === "split" || answer.kind === "rejected") this.#warming.rejected(answer.names);
  }

  #followEndpointAnswer(answer: Answer): void {
    if (answer.kind === "acked") this.#warming.endpointsAcked(answer.names);
    if (answer.kind === "rejected") this.#warming.rejected(answer.names);
  }

  #clustersAcked(names: readonly string[]): void {
    this.#warming.clustersAcked(names, this.#ofType(typeUrls.endpoint));
  }

  #ofType(type: TypeUrl): ResourceMap {
    return this.#view.get(type) ?? nothing;
  }

  /** Endpoints too: those of a cluster that had none count as new when they come back. */
  get #hasNewClusters(): boolean {
    return [typeUrls.cluster, typeUrls.endpoint].some((type) => this.#subscriptions.get(type)?.hasNew === true);
  }

  #isMet(condition: Condition): boolean {
    switch (condition.kind) {
      case "always":
        return true;
      case "clustersReady":
        return this.#warming.isGivenUp || (this.#warming.isDone && !this.#hasNewClusters);
      case "settled":
        return condition.types.every((type) => this.#subscriptions.get(type)?.isSettled ?? true);
    }
  }
}

/**
 * Listeners are never sent in parts: Envoy counts as initialized with the first of them, and the one that takes over an
 * address must come with the removal of the one that had it.
 */
function roomOf(type: TypeUrl, room: Room): Room {
  return type === typeUrls.listener && room.kind === "parts" ? unlimited : room;
}
