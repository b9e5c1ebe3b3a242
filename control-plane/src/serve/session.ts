import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import type { Changes } from "./changes.ts";
import type { InterestRequest } from "./interest.ts";
import { type Condition, sendOrder } from "./send-order.ts";
import { type Answer, type Batch, type Part, Subscription } from "./subscription.ts";
import type { ProxyView, ResourceMap } from "./view.ts";
import { Warming } from "./warming.ts";

/** One delta request, without the node. */
export interface DeltaRequest extends InterestRequest {
  readonly type: TypeUrl;
  /** Nonce of the response that it answers; empty: it answers none. */
  readonly nonce: string;
  /** Why the response was rejected, in Envoy's words. */
  readonly error: string | undefined;
}

export interface DeltaResponse extends Batch {
  readonly type: TypeUrl;
  readonly nonce: string;
}

const nothing: ResourceMap = new Map();
const wildcardTypes: readonly TypeUrl[] = [typeUrls.cluster, typeUrls.listener];
const orderedTypes: readonly TypeUrl[] = sendOrder.map((step) => step.type);

/**
 * One stream's configuration across all types: what goes next, in an order that never breaks traffic. No I/O and no
 * clock: the edge feeds it requests and views, and takes responses from it as fast as the connection takes them.
 */
export class Session {
  readonly #changes: Changes;
  readonly #subscriptions = new Map<TypeUrl, Subscription>();
  readonly #warming: Warming;
  #view: ProxyView;
  #lastNonce = 0;

  constructor(view: ProxyView, changes: Changes) {
    this.#view = view;
    this.#changes = changes;
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

  /** Takes the newest view. */
  offer(view: ProxyView): void {
    this.#view = view;
    for (const [type, subscription] of this.#subscriptions) subscription.offer(this.#ofType(type));
    this.#warming.viewChanged(this.#ofType(typeUrls.cluster));
  }

  /** Takes the response to send next; undefined when nothing can be sent now. */
  next(): DeltaResponse | undefined {
    for (const { type, part, when } of sendOrder) {
      const response = this.#isMet(when) ? this.#take(type, part) : undefined;
      if (response !== undefined) return response;
    }
    return this.#nextOfOtherTypes();
  }

  /** Whether listeners and routes wait for new clusters. */
  get isWarming(): boolean {
    return !this.#warming.isDone && !this.#warming.isGivenUp;
  }

  /** Stops waiting for new clusters. */
  giveUpWarming(): void {
    this.#warming.giveUp();
  }

  /** What the client is meant to have. */
  get view(): ProxyView {
    return this.#view;
  }

  /** What the client was sent and acknowledged, by type. */
  get subscriptions(): ReadonlyMap<TypeUrl, Subscription> {
    return this.#subscriptions;
  }

  #subscription(type: TypeUrl): Subscription {
    const existing = this.#subscriptions.get(type);
    if (existing !== undefined) return existing;
    const created = new Subscription(this.#ofType(type), this.#changes, wildcardTypes.includes(type));
    this.#subscriptions.set(type, created);
    return created;
  }

  #nextOfOtherTypes(): DeltaResponse | undefined {
    for (const type of this.#subscriptions.keys()) {
      const response = orderedTypes.includes(type) ? undefined : this.#take(type, "all");
      if (response !== undefined) return response;
    }
    return undefined;
  }

  #take(type: TypeUrl, part: Part): DeltaResponse | undefined {
    const nonce = String(this.#lastNonce + 1);
    const batch = this.#subscriptions.get(type)?.next(nonce, part);
    if (batch === undefined) return undefined;
    this.#lastNonce++;
    if (type === typeUrls.cluster) this.#followClusters(batch);
    return { type, nonce, ...batch };
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
