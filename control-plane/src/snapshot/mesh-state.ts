import { isDeepStrictEqual } from "node:util";
import type { EndpointSlice } from "../model/endpoint-slice.ts";
import type { PeerAuthentication, PolicyScope } from "../model/peer-authentication.ts";
import { groupPolicies, type Policies } from "../model/policies.ts";
import type { WorkloadLookup } from "../model/resolve-endpoints.ts";
import { type Service, serviceKey } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";
import { SetMap } from "./set-map.ts";

/** What has changed since it was last asked for. */
export interface Changes {
  /** Keys of Services that came, went or changed. */
  readonly services: ReadonlySet<string>;
  /** Keys of Services whose slices changed, or the pods behind them. */
  readonly endpoints: ReadonlySet<string>;
}

/** The last known good content of the watches. It outlives every failure of the API server. */
export class MeshState {
  readonly #services = new Map<string, Service>();
  readonly #servicesByNamespace = new SetMap();
  readonly #slices = new Map<string, EndpointSlice>();
  readonly #slicesByService = new SetMap();
  readonly #servicesByPod = new SetMap();
  readonly #workloads = new Map<string, Workload>();
  readonly #meshedByAddress = new SetMap();
  readonly #policies = new Map<string, PeerAuthentication>();
  #grouped: Policies | undefined;
  #changedServices = new Set<string>();
  #changedEndpoints = new Set<string>();
  #haveAddressesChanged = false;

  readonly workload: WorkloadLookup = (key) => this.#workloads.get(key);

  workloads(): Iterable<Workload> {
    return this.#workloads.values();
  }

  service(key: string): Service | undefined {
    return this.#services.get(key);
  }

  services(): readonly Service[] {
    return [...this.#services.values()];
  }

  servicesIn(namespace: string): readonly Service[] {
    return this.#servicesByNamespace.get(namespace).flatMap((key) => this.#services.get(key) ?? []);
  }

  slicesOf(service: string): readonly EndpointSlice[] {
    return this.#slicesByService.get(service).flatMap((key) => this.#slices.get(key) ?? []);
  }

  policies(): Policies {
    this.#grouped ??= groupPolicies(this.#policies.values());
    return this.#grouped;
  }

  /** Stores a Service by its key; undefined removes it. Says whether that changed anything, as do the others. */
  setService(key: string, service: Service | undefined): boolean {
    const previous = this.#services.get(key);
    if (!replace(this.#services, key, service)) return false;
    if (previous !== undefined) this.#servicesByNamespace.remove(previous.namespace, key);
    if (service !== undefined) this.#servicesByNamespace.add(service.namespace, key);
    this.#changedServices.add(key);
    return true;
  }

  /** Stores an EndpointSlice by its key; undefined removes it. */
  setSlice(key: string, slice: EndpointSlice | undefined): boolean {
    const previous = this.#slices.get(key);
    if (!replace(this.#slices, key, slice)) return false;
    if (previous !== undefined) this.#forgetSlice(key, previous);
    if (slice !== undefined) this.#indexSlice(key, slice);
    return true;
  }

  /** Stores a pod by its key; undefined removes it. */
  setWorkload(key: string, workload: Workload | undefined): boolean {
    const previous = this.#workloads.get(key);
    if (!replace(this.#workloads, key, workload)) return false;
    this.#indexAddresses(key, previous, workload);
    for (const service of this.#servicesByPod.get(key)) this.#changedEndpoints.add(service);
    return true;
  }

  /** A pod without a sidecar matters too where it takes over the address of one that has one. */
  #indexAddresses(key: string, previous: Workload | undefined, workload: Workload | undefined): void {
    const [before, after] = [meshedAddressesOf(previous), meshedAddressesOf(workload)];
    for (const address of before) this.#meshedByAddress.remove(address, key);
    for (const address of after) this.#meshedByAddress.add(address, key);
    const takesOver = (workload?.addresses ?? []).some((address) => this.#meshedByAddress.get(address).length > 0);
    this.#haveAddressesChanged ||= before.length > 0 || after.length > 0 || takesOver;
  }

  /** Stores a policy by its key; undefined removes it. Whom it concerns may have to be called in another way. */
  setPolicy(key: string, policy: PeerAuthentication | undefined): boolean {
    const previous = this.#policies.get(key);
    if (!replace(this.#policies, key, policy)) return false;
    this.#grouped = undefined;
    this.#haveAddressesChanged = true;
    for (const { scope } of [previous, policy].filter((known) => known !== undefined))
      for (const service of this.#servicesOf(scope)) this.#changedEndpoints.add(serviceKey(service));
    return true;
  }

  /** Returns what changed and forgets it. */
  takeChanges(): Changes {
    const changes = { services: this.#changedServices, endpoints: this.#changedEndpoints };
    this.#changedServices = new Set();
    this.#changedEndpoints = new Set();
    return changes;
  }

  /**
   * Returns the Services whose endpoints alone changed, and forgets these changes. Where the Service itself changed or
   * went, its endpoints go with it: taken away first, they would leave routes to nowhere.
   */
  takeEndpointChanges(): ReadonlySet<string> {
    const endpoints = this.#changedEndpoints.difference(this.#changedServices);
    this.#changedEndpoints = this.#changedEndpoints.intersection(this.#changedServices);
    return endpoints;
  }

  /** Says whether the addresses of meshed pods may have changed since this was last asked. */
  takeAddressChange(): boolean {
    const haveChanged = this.#haveAddressesChanged;
    this.#haveAddressesChanged = false;
    return haveChanged;
  }

  #servicesOf(scope: PolicyScope): readonly Service[] {
    return scope.kind === "mesh" ? this.services() : this.servicesIn(scope.namespace);
  }

  #indexSlice(key: string, slice: EndpointSlice): void {
    const service = serviceOf(slice);
    this.#slicesByService.add(service, key);
    for (const pod of podsOf(slice)) this.#servicesByPod.add(pod, service);
    this.#changedEndpoints.add(service);
  }

  #forgetSlice(key: string, slice: EndpointSlice): void {
    const service = serviceOf(slice);
    this.#slicesByService.remove(service, key);
    for (const pod of podsOf(slice)) this.#servicesByPod.remove(pod, service);
    this.#changedEndpoints.add(service);
  }
}

function meshedAddressesOf(workload: Workload | undefined): readonly string[] {
  return workload?.isMeshed === true ? workload.addresses : [];
}

function serviceOf(slice: EndpointSlice): string {
  return serviceKey({ namespace: slice.namespace, name: slice.service });
}

function podsOf(slice: EndpointSlice): readonly string[] {
  return slice.endpoints.flatMap(({ target }) => (target.kind === "pod" ? [target.key] : []));
}

/** Stores or removes a value; one that is equal to the stored one, as after a change of its status, changes nothing. */
function replace<T>(map: Map<string, T>, key: string, value: T | undefined): boolean {
  if (isDeepStrictEqual(map.get(key), value)) return false;
  if (value === undefined) map.delete(key);
  else map.set(key, value);
  return true;
}
