import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import type { Expected } from "./messages.ts";
import type { ReadResponse } from "./read-response.ts";
import { endpointsOf, routesOf } from "./references.ts";
import { Wanted } from "./wanted.ts";

/** A `DeltaDiscoveryRequest` without the node. */
export interface Request {
  readonly type: TypeUrl;
  /** Nonce of the response that it acknowledges; empty: none. */
  readonly nonce: string;
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
}

/**
 * What an Envoy asks its control plane for, in Envoy's order: all clusters first, the endpoints of each, then all
 * listeners and the route tables that they name. Every response is acknowledged. It keeps names and nothing else.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/intro/arch_overview/operations/init
 */
export class Discovery {
  readonly #expected: Expected;
  readonly #secrets: readonly string[];
  readonly #clusters = new Wanted();
  readonly #listeners = new Wanted();
  /** What was asked for by name and not answered yet. */
  readonly #unanswered: Readonly<Record<"endpoint" | "route" | "secret", Set<string>>> = {
    endpoint: new Set(),
    route: new Set(),
    secret: new Set(),
  };
  #hasClusters = false;
  #hasAskedForListeners = false;
  #hasListeners = false;

  constructor(expected: Expected, secrets: readonly string[]) {
    this.#expected = expected;
    this.#secrets = secrets;
  }

  /** What it asks for when the stream begins. */
  begin(): readonly Request[] {
    return [everyOf(typeUrls.cluster)];
  }

  /** Takes a response; returns the acknowledgement and what it asks for in consequence. */
  take(response: ReadResponse): readonly Request[] {
    const acknowledged = { type: response.type, nonce: response.nonce, subscribe: [], unsubscribe: [] };
    return [acknowledged, ...this.#follow(response)];
  }

  /** Whether it has everything that it asked for, and as much as is expected. */
  get isConfigured(): boolean {
    return (
      this.#hasListeners &&
      Object.values(this.#unanswered).every((names) => names.size === 0) &&
      this.#clusters.resources >= this.#expected.clusters &&
      this.#listeners.resources >= this.#expected.listeners
    );
  }

  #follow(response: ReadResponse): readonly Request[] {
    switch (response.type) {
      case typeUrls.cluster:
        return [...this.#followClusters(response), ...this.#listenersWhenDue()];
      case typeUrls.endpoint:
        answered(this.#unanswered.endpoint, response);
        return this.#listenersWhenDue();
      case typeUrls.listener:
        this.#hasListeners = true;
        follow(this.#listeners, response, routesOf);
        return this.#ask(typeUrls.route, this.#unanswered.route, this.#listeners);
      case typeUrls.route:
        answered(this.#unanswered.route, response);
        return [];
      default:
        answered(this.#unanswered.secret, response);
        return [];
    }
  }

  #followClusters(response: ReadResponse): readonly Request[] {
    follow(this.#clusters, response, endpointsOf);
    const endpoints = this.#ask(typeUrls.endpoint, this.#unanswered.endpoint, this.#clusters);
    const secrets = this.#hasClusters ? [] : this.#askForSecrets();
    this.#hasClusters = true;
    return [...endpoints, ...secrets];
  }

  #askForSecrets(): readonly Request[] {
    for (const name of this.#secrets) this.#unanswered.secret.add(name);
    const request = { type: typeUrls.secret, nonce: "", subscribe: this.#secrets, unsubscribe: [] };
    return this.#secrets.length === 0 ? [] : [request];
  }

  /** Envoy asks for listeners when every cluster has its endpoints. */
  #listenersWhenDue(): readonly Request[] {
    if (this.#hasAskedForListeners || this.#unanswered.endpoint.size > 0) return [];
    this.#hasAskedForListeners = true;
    return [everyOf(typeUrls.listener)];
  }

  #ask(type: TypeUrl, unanswered: Set<string>, wanted: Wanted): readonly Request[] {
    const { begun, ended } = wanted.takeChanges();
    for (const name of begun) unanswered.add(name);
    for (const name of ended) unanswered.delete(name);
    return begun.length + ended.length === 0 ? [] : [{ type, nonce: "", subscribe: begun, unsubscribe: ended }];
  }
}

/** The first request of a type without names asks for every resource of it. */
function everyOf(type: TypeUrl): Request {
  return { type, nonce: "", subscribe: [], unsubscribe: [] };
}

function answered(unanswered: Set<string>, { resources, removed }: ReadResponse): void {
  if (unanswered.size === 0) return;
  for (const { name } of resources) unanswered.delete(name);
  for (const name of removed) unanswered.delete(name);
}

function follow(
  wanted: Wanted,
  { resources, removed }: ReadResponse,
  names: (body: Uint8Array) => readonly string[],
): void {
  for (const { name, body } of resources) wanted.set(name, names(body));
  for (const name of removed) wanted.remove(name);
}
