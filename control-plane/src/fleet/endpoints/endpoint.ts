import type { FleetProxy, FleetReplica } from "@meshwright/contract/fleet";
import type { ProxyView } from "../../serve/view.ts";
import { type Access, maySee } from "../caller.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { Registry } from "../registry.ts";

/** What the endpoints tell of. */
export interface Sources {
  readonly replica: () => FleetReplica;
  /** Connected proxies of a namespace, or all; each is looked at when its turn comes. */
  readonly proxies: (namespace?: string) => Iterable<FleetProxy>;
  /** What a connected proxy is meant to have, by its node id. */
  readonly view: (node: string) => ProxyView | undefined;
  readonly registry: Registry;
  /** DNS suffix of the cluster's Services. */
  readonly clusterDomain: () => string;
}

export interface Answer {
  readonly kind: "answer";
  readonly contentType: string;
  /** The body in pieces, made while they are sent. */
  readonly pieces: Iterable<string>;
}

/** One path of the debug port. */
export interface Endpoint {
  readonly path: string;
  /** For `/debug/list`. */
  readonly help: string;
  readonly answer: (query: URLSearchParams, access: Access, sources: Sources) => Answer | Refusal;
}

/** The namespace that a request is about; undefined: all. */
export interface Scope {
  readonly kind: "scope";
  readonly namespace: string | undefined;
}

/** Narrows what a caller may see by the query's `namespace`. */
export function scopeOf(query: URLSearchParams, access: Access): Scope | Refusal {
  const namespace = query.get("namespace") ?? undefined;
  if (namespace !== undefined && !maySee(access, namespace)) return forbidden(namespace);
  return { kind: "scope", namespace: namespace ?? (access.kind === "namespace" ? access.namespace : undefined) };
}

export function forbidden(namespace: string): Refusal {
  return refuse("Forbidden", `you see your own namespace only, not "${shown(namespace)}"`);
}

/** Answers with the elements of a JSON array, each on a line of its own. */
export function jsonArray(elements: Iterable<unknown>): Answer {
  return { kind: "answer", contentType: "application/json", pieces: arrayPieces(elements) };
}

/** The pieces of a JSON array. */
export function* arrayPieces(elements: Iterable<unknown>): Iterable<string> {
  let separator = "[\n";
  for (const element of elements) {
    yield `${separator}${JSON.stringify(element)}`;
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}

/** A value of a query as a message shows it. */
export function shown(text: string): string {
  return text.slice(0, 100);
}
