import type { EndpointSlice } from "../model/endpoint-slice.ts";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import { type Service, serviceKey } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";

/** What happened to an object, in the words of Istio's metrics. */
export type RegistryEvent = "add" | "update" | "delete";

/** Kinds of objects that the control plane reads; the endpoints of a Service are Istio's word for its slices. */
export type RegistryKind = "Services" | "Endpoints" | "Pods" | "PeerAuthentication";

export type RegistryListener = (kind: RegistryKind, event: RegistryEvent) => void;

/**
 * The objects that the control plane reads, to be looked at by people. It holds the values that the watches made and
 * others hold too, never copies, and of pods only that they are there.
 */
export class Registry {
  readonly #services = new Map<string, Service>();
  readonly #slices = new Map<string, EndpointSlice>();
  readonly #slicesByService = new Map<string, Set<string>>();
  readonly #policies = new Map<string, PeerAuthentication>();
  readonly #pods = new Set<string>();
  readonly #onEvent: RegistryListener;

  constructor(onEvent: RegistryListener) {
    this.#onEvent = onEvent;
  }

  get serviceCount(): number {
    return this.#services.size;
  }

  /** Services of a namespace, or all, sorted by key. */
  services(namespace?: string): readonly Service[] {
    return ofNamespace(this.#services, namespace);
  }

  slicesOf(service: Service): readonly EndpointSlice[] {
    const keys = this.#slicesByService.get(serviceKey(service)) ?? new Set();
    return [...keys].toSorted().flatMap((key) => this.#slices.get(key) ?? []);
  }

  /** Policies of a namespace, or all, with their namespaces, sorted by key. */
  policies(namespace?: string): readonly { readonly namespace: string; readonly policy: PeerAuthentication }[] {
    return [...this.#policies]
      .map(([key, policy]) => ({ namespace: namespaceOf(key), policy, key }))
      .filter((entry) => namespace === undefined || entry.namespace === namespace)
      .toSorted(byKey)
      .map(({ namespace: own, policy }) => ({ namespace: own, policy }));
  }

  setService(key: string, service: Service | undefined): void {
    this.#tell("Services", this.#services.has(key), service);
    replace(this.#services, key, service);
  }

  setEndpointSlice(key: string, slice: EndpointSlice | undefined): void {
    const previous = this.#slices.get(key);
    this.#tell("Endpoints", previous !== undefined, slice);
    if (previous !== undefined) this.#unlink(key, previous);
    replace(this.#slices, key, slice);
    if (slice !== undefined) this.#link(key, slice);
  }

  setPeerAuthentication(key: string, policy: PeerAuthentication | undefined): void {
    this.#tell("PeerAuthentication", this.#policies.has(key), policy);
    replace(this.#policies, key, policy);
  }

  setWorkload(key: string, workload: Workload | undefined): void {
    this.#tell("Pods", this.#pods.has(key), workload);
    if (workload === undefined) this.#pods.delete(key);
    else this.#pods.add(key);
  }

  #tell(kind: RegistryKind, wasKnown: boolean, value: object | undefined): void {
    if (value !== undefined) this.#onEvent(kind, wasKnown ? "update" : "add");
    // What could not be read was never here.
    else if (wasKnown) this.#onEvent(kind, "delete");
  }

  #link(key: string, slice: EndpointSlice): void {
    const service = serviceOf(slice);
    const keys = this.#slicesByService.get(service) ?? new Set();
    this.#slicesByService.set(service, keys.add(key));
  }

  #unlink(key: string, slice: EndpointSlice): void {
    const keys = this.#slicesByService.get(serviceOf(slice));
    keys?.delete(key);
    if (keys?.size === 0) this.#slicesByService.delete(serviceOf(slice));
  }
}

function serviceOf({ namespace, service }: EndpointSlice): string {
  return serviceKey({ namespace, name: service });
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1;
}

function ofNamespace<T>(map: ReadonlyMap<string, T>, namespace: string | undefined): readonly T[] {
  return [...map]
    .map(([key, value]) => ({ key, value }))
    .filter(({ key }) => namespace === undefined || namespaceOf(key) === namespace)
    .toSorted(byKey)
    .map(({ value }) => value);
}

function replace<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
