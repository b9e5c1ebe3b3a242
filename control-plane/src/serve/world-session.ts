import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import type { Room } from "./batch.ts";
import type { Conversation, Next, Response } from "./conversation.ts";
import { emptyEndpoints } from "./empty-endpoints.ts";
import { isNamedType, Session } from "./session.ts";
import type { Shared } from "./shared.ts";
import type { DiscoveryRequest } from "./stream-request.ts";
import type { Answer, Subscription } from "./subscription.ts";
import type { ProxyView } from "./view.ts";
import { WorldInterest } from "./world-interest.ts";
import { encodeWorldResponse } from "./world-response.ts";
import { WorldState } from "./world-state.ts";

/** One state-of-the-world request, without the node. */
export interface WorldRequest extends DiscoveryRequest {
  /** Everything that the client wants of the type. */
  readonly names: readonly string[];
}

interface World {
  readonly interest: WorldInterest;
  readonly state: WorldState;
  lastNonce: string;
}

/** Types of which a response holds everything, so that what is missing is gone; a response of others may hold a part. */
const wholeTypes: readonly TypeUrl[] = [typeUrls.cluster, typeUrls.listener];

/**
 * The state-of-the-world variant of the protocol, in the words of the delta variant: what is sent when, in which order,
 * and what becomes of a rejection is the same session.
 *
 * This variant cannot say that a resource does not exist: endpoints are told to be none, and without other types Envoy
 * goes on after its `initial_fetch_timeout`.
 */
export class WorldSession implements Conversation<WorldRequest> {
  readonly #session: Session;
  readonly #worlds = new Map<TypeUrl, World>();

  constructor(view: ProxyView, shared: Shared) {
    this.#session = new Session(view, shared);
  }

  /** A request that answers an older response says nothing: the client repeats its names in the answer to the last one. */
  request({ type, nonce, error, names }: WorldRequest): Answer | undefined {
    const world = this.#world(type);
    if (nonce !== "" && nonce !== world.lastNonce) return { kind: "stale" };
    const change = world.interest.apply(names);
    const answer = this.#session.request({ type, nonce, error, ...change, initialVersions: {} });
    world.state.answered(answer);
    if (change.unsubscribe.length > 0) this.#forgetUnwanted(type, world);
    return answer;
  }

  offer(view: ProxyView): void {
    this.#session.offer(view);
  }

  next(room: Room): Next {
    for (;;) {
      // A response in parts would tell the client that the other parts are gone.
      const next = this.#session.next(room.kind === "parts" ? { ...room, bytes: Number.POSITIVE_INFINITY } : room);
      if (next.kind !== "response") return next;
      const response = withoutGaps(next.response);
      if (isTold(response)) return { kind: "response", response: this.#propose(response) };
      this.#acknowledge(response);
    }
  }

  get mayHaveNext(): boolean {
    return this.#session.mayHaveNext;
  }

  get isWarming(): boolean {
    return this.#session.isWarming;
  }

  giveUpWarming(): void {
    this.#session.giveUpWarming();
  }

  get subscriptions(): ReadonlyMap<TypeUrl, Subscription> {
    return this.#session.subscriptions;
  }

  #world(type: TypeUrl): World {
    const existing = this.#worlds.get(type);
    if (existing !== undefined) return existing;
    const created = { interest: new WorldInterest(!isNamedType(type)), state: new WorldState(), lastNonce: "" };
    this.#worlds.set(type, created);
    return created;
  }

  #propose(response: Response): Response {
    const { type, nonce } = response;
    const world = this.#world(type);
    world.lastNonce = nonce;
    world.state.propose(response);
    const { version, proposed } = world.state;
    const resources = wholeTypes.includes(type) ? [...proposed.values()] : response.resources;
    return { ...response, resources, encode: () => encodeWorldResponse({ type, version, nonce, resources }) };
  }

  /** Takes as acknowledged what cannot be said. */
  #acknowledge(response: Response): void {
    const { type, nonce } = response;
    const nothing = { error: undefined, subscribe: [], unsubscribe: [], initialVersions: {} };
    const { state } = this.#world(type);
    state.propose(response);
    state.answered(this.#session.request({ type, nonce, ...nothing }));
  }

  #forgetUnwanted(type: TypeUrl, { state }: World): void {
    const subscription = this.#session.subscriptions.get(type);
    state.keepOnly((name) => subscription?.wants(name) === true);
  }
}

/** Puts what can be said in place of removals that cannot. */
function withoutGaps(response: Response): Response {
  if (response.type !== typeUrls.endpoint) return response;
  return { ...response, resources: [...response.resources, ...response.removed.map(emptyEndpoints)], removed: [] };
}

/** Whether a client learns anything from a response: removals of what is asked for by name have no words. */
function isTold({ type, resources }: Response): boolean {
  return resources.length > 0 || !isNamedType(type);
}
