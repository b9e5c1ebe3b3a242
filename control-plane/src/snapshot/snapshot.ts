import type { WorkloadIdentity } from "@meshwright/contract/identity";
import type { EndpointSlice } from "../model/endpoint-slice.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import type { Service } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";
import type { Accepted, ProxyNode, Refused, ViewSource } from "../serve/view.ts";
import { admit } from "./admit.ts";
import { Connections } from "./connections.ts";
import { Debounce } from "./debounce.ts";
import { Encoder } from "./encoder.ts";
import { createMesh, type Mesh } from "./mesh.ts";
import { type PushObserver, silentObserver } from "./observer.ts";
import { Pace } from "./pace.ts";
import { PendingChanges } from "./pending-changes.ts";
import { Settling } from "./settling.ts";
import { only } from "./sources.ts";
import { platformTimers, type Timers } from "./timers.ts";

/** What no configuration can be made without. */
export interface MeshInputs {
  readonly settings: MeshSettings;
  /** PEM of the roots that workloads trust. */
  readonly trustBundle: string;
}

const storm = { minMs: 10, maxMs: 100, deadlineMs: 1000 };
/** In a mesh with some pods that come and go every second quiet never comes, and a proxy must not call for long what is gone. */
const endpointPace = { leastMs: 10, mostMs: 120, busyPart: 1 / 4 };

/**
 * Turns what the watches see into what each proxy is told. A change is told at once when it comes alone and in batches
 * when it does not; a change of endpoints never waits for a change of configuration.
 *
 * Nobody is served before `start`. What was known stays known when the watches see nothing more.
 */
export class Snapshot implements ViewSource {
  readonly #mesh: Mesh;
  readonly #pending: PendingChanges;
  readonly #connections: Connections;
  readonly #settling: Settling;
  readonly #configChanged: Debounce;
  readonly #endpointsChanged: Pace;
  #isStarted = false;

  constructor(timers: Timers = platformTimers, observer: PushObserver = silentObserver) {
    const encoder = new Encoder(observer, () => timers.now());
    this.#mesh = createMesh(encoder, (error) => observer.failed(error));
    this.#pending = new PendingChanges(this.#mesh.sources);
    this.#settling = new Settling(this.#mesh.graph, encoder, timers, observer);
    this.#connections = new Connections(this.#mesh, (leave) => this.#settling.absorb(leave));
    const take = (apply: () => void) => (waitedMs: number) =>
      void (this.#isStarted && this.#settling.take(apply, waitedMs));
    this.#configChanged = new Debounce(
      take(() => this.#pending.applyAll()),
      storm,
      timers,
    );
    this.#endpointsChanged = new Pace(
      take(() => this.#pending.applyEndpoints()),
      endpointPace,
      timers,
    );
  }

  /**
   * Begins to serve, once every watch has handed over what there is. Whoever connects before all follows from that which does
   * (see `settled`) has the rest of it done in one turn.
   */
  start({ settings, trustBundle }: MeshInputs): void {
    this.#isStarted = true;
    const { sources } = this.#mesh;
    this.#settling.absorb(() => {
      this.#pending.applyAll();
      sources.trustBundle.set(only, trustBundle);
      sources.settings.set(only, settings);
    });
  }

  /** Resolves when all that was taken in so far is shown to those whom it concerns. */
  settled(): Promise<void> {
    return this.#settling.settled();
  }

  stop(): void {
    this.#configChanged.stop();
    this.#endpointsChanged.stop();
    this.#settling.stop();
  }

  /** Stores a Service under `namespace/name`; undefined removes it. The same holds for all others. */
  setService(key: string, service: Service | undefined): void {
    if (this.#pending.services.set(key, service)) this.#configChanged.trigger();
  }

  setEndpointSlice(key: string, slice: EndpointSlice | undefined): void {
    if (this.#pending.slices.set(key, slice)) this.#endpointsChanged.trigger();
  }

  setWorkload(key: string, workload: Workload | undefined): void {
    if (this.#pending.workloads.set(key, workload)) this.#endpointsChanged.trigger();
  }

  setPeerAuthentication(key: string, policy: PeerAuthentication | undefined): void {
    if (this.#pending.policies.set(key, policy)) this.#configChanged.trigger();
  }

  /** Applies new settings at once: they are rare, and someone waits for them. */
  setSettings(settings: MeshSettings): void {
    if (this.#isStarted) this.#settling.take(() => this.#mesh.sources.settings.set(only, settings), 0);
  }

  setTrustBundle(pem: string): void {
    if (this.#isStarted) this.#settling.take(() => this.#mesh.sources.trustBundle.set(only, pem), 0);
  }

  connect(node: ProxyNode, peer: WorkloadIdentity): Accepted | Refused {
    const settings = this.#isStarted ? this.#mesh.sources.settings.get(only) : undefined;
    if (settings === undefined)
      return { kind: "refused", code: "unavailable", message: "cannot serve yet: not synced" };
    const admission = admit(node, peer, settings.trustDomain, (key) => this.#pending.workloads.latest(key));
    if (admission.kind === "refused") return admission;
    return this.#connections.open({ workload: admission.workload, traits: node.traits });
  }
}
