import { SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";
import { effectiveMtls, type MtlsLookup } from "../model/effective-mtls.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { Workload } from "../model/workload.ts";
import { selects, workloadInbound } from "../model/workload-inbound.ts";
import type { ProxyTraits, ProxyView } from "../serve/view.ts";
import { translateTrustBundle } from "../translate/secret/trust-bundle.ts";
import { encodeResource } from "./encoded.ts";
import type { MeshState } from "./mesh-state.ts";
import { noOrigins, serviceOrigins } from "./origins.ts";
import { OutboundResources } from "./outbound-resources.ts";
import { OwnedResources } from "./owned-resources.ts";
import { RouteTables } from "./route-tables.ts";
import { type ProxyScope, SharedViews } from "./shared-views.ts";

/** What no configuration can be made without. */
export interface MeshInputs {
  readonly settings: MeshSettings;
  /** PEM of the roots that workloads trust. */
  readonly trustBundle: string;
}

/** The configuration of all proxies, kept up to date with the state of the mesh step by step. */
export class MeshViews {
  readonly #state: MeshState;
  readonly #outbound: OutboundResources;
  readonly #secrets = new OwnedResources();
  readonly #routes: RouteTables;
  #settings: MeshSettings;
  #views: SharedViews;

  constructor(state: MeshState, { settings, trustBundle }: MeshInputs) {
    this.#state = state;
    this.#settings = settings;
    this.#outbound = new OutboundResources(state, this.#mtls);
    state.takeChanges();
    this.#outbound.rebuild(settings);
    this.#setSecret(trustBundle);
    this.#routes = new RouteTables(this.#routeInputs());
    this.#views = this.#share();
  }

  get settings(): MeshSettings {
    return this.#settings;
  }

  /** The view of a proxy; two that see the same get the same. */
  viewOf(scope: ProxyScope): ProxyView {
    return this.#views.of(scope);
  }

  scopeOf(workload: Workload, traits: ProxyTraits): ProxyScope {
    const { namespace } = workload;
    const services = this.#state.servicesIn(namespace);
    const inbound = workloadInbound(workload, services, this.#mtls(workload));
    const inboundOrigins = serviceOrigins(services.filter((service) => selects(service, workload)));
    return { namespace, traits, inbound, inboundOrigins };
  }

  /** Takes in all changes of the state. */
  update(): void {
    const { services, endpoints } = this.#state.takeChanges();
    for (const key of services) this.#outbound.updateService(key, this.#settings);
    for (const key of endpoints) this.#outbound.updateEndpoints(key, this.#settings);
    this.#updateAddresses();
    if (services.size > 0) this.#updateShared();
    this.#views = this.#share(this.#views);
  }

  /** Takes in changed endpoints of Services that did not change themselves. */
  updateEndpoints(): void {
    for (const key of this.#state.takeEndpointChanges()) this.#outbound.updateEndpoints(key, this.#settings);
    this.#updateAddresses();
    this.#views = this.#share(this.#views);
  }

  setSettings(settings: MeshSettings): void {
    this.#settings = settings;
    // Those that went are not among those that are translated anew.
    for (const key of this.#state.takeChanges().services) this.#outbound.updateService(key, settings);
    this.#outbound.rebuild(settings);
    this.#updateShared();
    this.#views = this.#share(this.#views);
  }

  setTrustBundle(pem: string): void {
    this.#setSecret(pem);
    this.#views = this.#share(this.#views);
  }

  readonly #mtls: MtlsLookup = (workload) => effectiveMtls(workload, this.#state.policies(), this.#settings.mtls);

  #updateAddresses(): void {
    if (this.#state.takeAddressChange()) this.#outbound.updatePassthrough(this.#settings);
  }

  #updateShared(): void {
    this.#outbound.updateSharedListeners(this.#settings);
    this.#routes.update(this.#routeInputs());
  }

  #setSecret(pem: string): void {
    const secret = translateTrustBundle(pem);
    // The roots are no secret: every proxy has to know them.
    const resource = { ...encodeResource(SecretSchema, secret.name, secret, noOrigins), audience: "everyone" } as const;
    this.#secrets.set("mesh", [resource]);
  }

  #routeInputs() {
    const sniffedRoutes = this.#outbound.sniffedRoutes.current();
    return { services: this.#state.services(), sniffedRoutes, settings: this.#settings };
  }

  #share(previous?: SharedViews): SharedViews {
    const resources = {
      settings: this.#settings,
      clusters: this.#outbound.clusters.current(),
      endpoints: this.#outbound.endpoints.current(),
      listeners: (traits: ProxyTraits) => this.#outbound.listeners.current(traits),
      secrets: this.#secrets.current(),
      routes: (namespace: string) => this.#routes.of(namespace),
    };
    return new SharedViews(resources, previous);
  }
}
