import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ClusterLoadAssignmentSchema } from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import { RouteConfigurationSchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import type { MtlsLookup } from "../model/effective-mtls.ts";
import type { MeshSettings } from "../model/mesh-settings.ts";
import { meshedAddresses } from "../model/meshed-addresses.ts";
import { addressesBehind, podsBehind, resolveEndpoints } from "../model/resolve-endpoints.ts";
import {
  translateBlackHoleCluster,
  translateHeadlessClusters,
  translatePassthroughCluster,
} from "../translate/cluster/original-destination.ts";
import { translateOutboundClusters } from "../translate/cluster/outbound.ts";
import { translateLoadAssignments } from "../translate/endpoint/load-assignment.ts";
import { translateSniffedRoutes } from "../translate/route/outbound.ts";
import { encodeResource } from "./encoded.ts";
import type { MeshState } from "./mesh-state.ts";
import { noOrigins, serviceOrigins } from "./origins.ts";
import { OutboundListeners } from "./outbound-listeners.ts";
import { OwnedResources } from "./owned-resources.ts";

/** Owner of the resources that are no Service's; Service keys hold a slash. */
const mesh = "mesh";

/** What every sidecar needs to call Services: the same for all of them, so encoded once. */
export class OutboundResources {
  readonly clusters = new OwnedResources();
  readonly endpoints = new OwnedResources();
  readonly listeners = new OutboundListeners();
  readonly sniffedRoutes = new OwnedResources();
  readonly #state: MeshState;
  readonly #mtls: MtlsLookup;

  constructor(state: MeshState, mtls: MtlsLookup) {
    this.#state = state;
    this.#mtls = mtls;
  }

  /** Translates everything anew, as after a change of settings. */
  rebuild(settings: MeshSettings): void {
    this.updatePassthrough(settings);
    for (const { namespace, name } of this.#state.services()) this.updateService(`${namespace}/${name}`, settings);
    this.updateSharedListeners(settings);
  }

  /** Translates the clusters for what is no Service, one of which knows the addresses of meshed pods. */
  updatePassthrough(settings: MeshSettings): void {
    const addresses = meshedAddresses(this.#state.workloads(), this.#mtls);
    const clusters = [translatePassthroughCluster(addresses, settings), translateBlackHoleCluster()];
    this.clusters.set(
      mesh,
      clusters.map((cluster) => encodeResource(ClusterSchema, cluster.name, cluster, noOrigins)),
    );
  }

  /** Translates the listeners that belong to no single Service. */
  updateSharedListeners(settings: MeshSettings): void {
    this.listeners.setShared(this.#state.services(), settings);
  }

  /** Translates a Service that came, changed or went. */
  updateService(key: string, settings: MeshSettings): void {
    this.updateEndpoints(key, settings);
    const service = this.#state.service(key);
    if (service !== undefined && service.addressing.kind !== "headless")
      this.listeners.setService(key, service, [], settings);
    const routes = service === undefined ? [] : translateSniffedRoutes(service, settings);
    const origins = service === undefined ? noOrigins : serviceOrigins([service]);
    this.sniffedRoutes.set(
      key,
      routes.map((route) => encodeResource(RouteConfigurationSchema, route.name, route, origins)),
    );
  }

  /**
   * Translates what depends on a Service's pods: its endpoints, its clusters, which name the accounts that may answer,
   * and its listeners if it is headless. They change together, or a pod of a new account would be called by clusters that
   * do not know it.
   */
  updateEndpoints(key: string, settings: MeshSettings): void {
    const service = this.#state.service(key);
    if (service === undefined) {
      this.clusters.set(key, []);
      this.endpoints.set(key, []);
      this.listeners.removeService(key);
      return;
    }
    const slices = this.#state.slicesOf(key);
    // Only a headless Service listens on the addresses of its pods.
    if (service.addressing.kind === "headless")
      this.listeners.setService(key, service, addressesBehind(slices), settings);
    const resolved = resolveEndpoints(service, slices, this.#state.workload, this.#mtls);
    const addresses = meshedAddresses(podsBehind(slices, this.#state.workload), this.#mtls);
    const clusters = [
      ...translateOutboundClusters(service, resolved.serviceAccounts, settings),
      ...translateHeadlessClusters(service, resolved.serviceAccounts, addresses, settings),
    ];
    const origins = serviceOrigins([service]);
    this.clusters.set(
      key,
      clusters.map((cluster) => encodeResource(ClusterSchema, cluster.name, cluster, origins)),
    );
    this.endpoints.set(
      key,
      translateLoadAssignments(service, resolved, settings).map((assignment) =>
        encodeResource(ClusterLoadAssignmentSchema, assignment.clusterName, assignment, origins),
      ),
    );
  }
}
