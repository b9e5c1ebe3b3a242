import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { Endpoint } from "../model/endpoint.ts";
import { type MeshedAddress, meshedAddresses } from "../model/meshed-addresses.ts";
import type { Pod } from "../model/pod.ts";
import { addressesBehind, podsBehind, resolveEndpoints } from "../model/resolve-endpoints.ts";
import { type Service, serviceKey } from "../model/service.ts";
import type { Sources } from "./sources.ts";

/** What a Service's clusters are made of. */
export interface Servers {
  readonly service: Service;
  /** Service accounts of its pods, ready or not, sorted. */
  readonly accounts: readonly string[];
  /** Those of its pods that have a sidecar, if clients call them by their own addresses; sorted. */
  readonly meshed: readonly MeshedAddress[];
}

/** What the endpoints of a Service's clusters are made of. */
export interface Reachable {
  readonly service: Service;
  readonly byPort: ReadonlyMap<string, readonly Endpoint[]>;
}

/** What a Service's own listeners are made of. */
export interface Listening {
  readonly service: Service;
  /** Of all its endpoints, if clients call them by their own addresses; sorted. */
  readonly podAddresses: readonly string[];
}

/** What is known of each Service and its pods, in parts that change apart from each other. */
export interface Backends {
  readonly servers: Collection<Servers>;
  readonly reachable: Collection<Reachable>;
  readonly listening: Collection<Listening>;
}

/** Joins each Service with its slices and the pods behind them. */
export function deriveBackends(
  { services, slices }: Pick<Sources, "services" | "slices">,
  pods: Collection<Pod>,
): Backends {
  const byService = indexBy(slices, ({ namespace, service }) => [serviceKey({ namespace, name: service })]);
  const backends = map(services, (service, key, fetch) => {
    const own = fetch.get(byService, key)?.values ?? [];
    const pod = (name: string): Pod | undefined => fetch.get(pods, name);
    const { byPort, serviceAccounts: accounts } = resolveEndpoints(service, own, pod);
    const isVirtual = service.addressing.kind === "virtual";
    const meshed = isVirtual ? [] : meshedAddresses(podsBehind(own, pod));
    return { service, byPort, accounts, meshed, podAddresses: isVirtual ? [] : addressesBehind(own) };
  });
  return {
    servers: map(backends, ({ service, accounts, meshed }) => ({ service, accounts, meshed }), isDeepStrictEqual),
    reachable: map(backends, ({ service, byPort }) => ({ service, byPort }), isDeepStrictEqual),
    listening: map(backends, ({ service, podAddresses }) => ({ service, podAddresses }), isDeepStrictEqual),
  };
}
