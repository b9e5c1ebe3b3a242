import type { EndpointSlice } from "../model/endpoint-slice.ts";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import { type Service, serviceKey } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";
import { PendingWrites } from "./pending-writes.ts";
import type { Sources } from "./sources.ts";

/** Changes of the mesh that are to be taken in together: those of endpoints alone, or all. */
export class PendingChanges {
  readonly services: PendingWrites<Service>;
  readonly policies: PendingWrites<PeerAuthentication>;
  readonly slices: PendingWrites<EndpointSlice>;
  readonly workloads: PendingWrites<Workload>;
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.services = new PendingWrites(sources.services);
    this.policies = new PendingWrites(sources.policies);
    this.slices = new PendingWrites(sources.slices);
    this.workloads = new PendingWrites(sources.workloads);
  }

  /** Hands everything over to the sources. */
  applyAll(): void {
    for (const pending of [this.services, this.policies, this.slices, this.workloads]) pending.apply();
  }

  /**
   * Hands over what changes endpoints. Where a Service itself is about to change or to go, its slices go with it: taken away
   * first, they would leave routes to nowhere, and brought first, they would come before their cluster.
   */
  applyEndpoints(): void {
    this.workloads.apply();
    this.slices.apply((key) => this.#services(key).every((service) => !this.services.has(service)));
  }

  /** The Services that a slice belonged to and is to belong to. */
  #services(slice: string): readonly string[] {
    const known = [this.#sources.slices.get(slice), this.slices.latest(slice)];
    return known.flatMap((each) => (each ? [serviceKey({ namespace: each.namespace, name: each.service })] : []));
  }
}
