import type { WorkloadIdentity } from "@meshwright/contract/identity";
import type { EndpointSlice } from "../model/endpoint-slice.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import type { Service } from "../model/service.ts";
import { type Workload, workloadKey } from "../model/workload.ts";
import type { Accepted, ProxyNode, ProxyView, Refused, ViewSource } from "../serve/view.ts";
import { admit } from "./admit.ts";
import { Debounce, platformTimers, type Timers } from "./debounce.ts";
import { MeshState } from "./mesh-state.ts";
import { type MeshInputs, MeshViews } from "./mesh-views.ts";
import { Subscription } from "./subscription.ts";

const storm = { minMs: 10, maxMs: 100, deadlineMs: 1000 };

/**
 * Turns what the watches see into what each proxy is told. A change is told at once when it comes alone and in batches
 * when it does not; a change of endpoints never waits for a change of configuration.
 *
 * Nobody is served before `start`. What was known stays known when the watches see nothing more.
 */
export class Snapshot implements ViewSource {
  readonly #state = new MeshState();
  readonly #subscriptions = new Set<Subscription>();
  readonly #configChanged: Debounce;
  readonly #endpointsChanged: Debounce;
  #views: MeshViews | undefined;

  constructor(timers: Timers = platformTimers) {
    this.#configChanged = new Debounce(() => this.#change((views) => views.update()), storm, timers);
    this.#endpointsChanged = new Debounce(() => this.#change((views) => views.updateEndpoints()), storm, timers);
  }

  /** Begins to serve, once every watch has handed over what there is. */
  start(inputs: MeshInputs): void {
    this.#views = new MeshViews(this.#state, inputs);
  }

  stop(): void {
    this.#configChanged.stop();
    this.#endpointsChanged.stop();
  }

  /** Stores a Service under `namespace/name`; undefined removes it. The same holds for all others. */
  setService(key: string, service: Service | undefined): void {
    if (this.#state.setService(key, service)) this.#configChanged.trigger();
  }

  setEndpointSlice(key: string, slice: EndpointSlice | undefined): void {
    if (this.#state.setSlice(key, slice)) this.#endpointsChanged.trigger();
  }

  setWorkload(key: string, workload: Workload | undefined): void {
    if (!this.#state.setWorkload(key, workload)) return;
    this.#endpointsChanged.trigger();
    if ([...this.#subscriptions].some((subscription) => workloadKey(subscription.workload) === key))
      this.#configChanged.trigger();
  }

  setPeerAuthentication(key: string, policy: PeerAuthentication | undefined): void {
    if (this.#state.setPolicy(key, policy)) this.#configChanged.trigger();
  }

  /** Applies new settings at once: they are rare, and someone waits for them. */
  setSettings(settings: MeshSettings): void {
    this.#change((views) => views.setSettings(settings));
  }

  setTrustBundle(pem: string): void {
    this.#change((views) => views.setTrustBundle(pem));
  }

  connect(node: ProxyNode, peer: WorkloadIdentity): Accepted | Refused {
    const views = this.#views;
    if (views === undefined) return { kind: "refused", code: "unavailable", message: "cannot serve yet: not synced" };
    const admission = admit(node, peer, views.settings.trustDomain, this.#state.workload);
    if (admission.kind === "refused") return admission;
    const { workload } = admission;
    const { traits } = node;
    const subscription = new Subscription(workload, traits, this.#viewOf({ workload, traits }, views));
    return {
      kind: "accepted",
      current: () => subscription.view,
      onChange: (listener) => this.#subscribe(subscription, views, listener),
    };
  }

  #subscribe(subscription: Subscription, views: MeshViews, listener: () => void): () => void {
    subscription.listeners.add(listener);
    this.#subscriptions.add(subscription);
    // What changed between connecting and now was not shown to it.
    subscription.show(this.#viewOf(subscription, views));
    return () => {
      subscription.listeners.delete(listener);
      if (subscription.listeners.size === 0) this.#subscriptions.delete(subscription);
    };
  }

  #change(apply: (views: MeshViews) => void): void {
    const views = this.#views;
    if (views === undefined) return;
    apply(views);
    for (const subscription of this.#subscriptions) subscription.show(this.#viewOf(subscription, views));
  }

  #viewOf({ workload, traits }: Pick<Subscription, "workload" | "traits">, views: MeshViews): ProxyView {
    const latest = this.#state.workload(workloadKey(workload));
    return views.viewOf(views.scopeOf(latest?.uid === workload.uid ? latest : workload, traits));
  }
}
