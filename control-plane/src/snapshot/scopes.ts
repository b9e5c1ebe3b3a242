import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import type { Fetch } from "@meshwright/collections/fetch";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { WorkloadInbound } from "../model/inbound-port.ts";
import { type Service, serviceKey } from "../model/service.ts";
import { type Workload, workloadKey } from "../model/workload.ts";
import { selects, workloadInbound } from "../model/workload-inbound.ts";
import type { ObjectReference, ProxyTraits } from "../serve/view.ts";
import { serviceReference } from "./origins.ts";
import type { Pods } from "./pods.ts";
import type { Sources } from "./sources.ts";

/** What decides a proxy's view. Proxies of one scope see the same. */
export interface Scope {
  readonly namespace: string;
  readonly traits: ProxyTraits;
  readonly inbound: WorkloadInbound;
  /** Equal for proxies whose inbound clusters are the same. */
  readonly clusterShape: string;
  /** Equal for proxies whose listeners are the same. */
  readonly listenerShape: string;
  /** The objects that decide the inbound side. */
  readonly origins: readonly ObjectReference[];
}

/** Says what each connected proxy is to see, by the key of its connection. */
export function deriveScopes(
  { services, proxies }: Pick<Sources, "services" | "proxies">,
  pods: Pods,
): Collection<Scope> {
  const selecting = servicesBySelector(services);
  return map(
    proxies,
    ({ workload: connected, traits }, _, fetch) => {
      const latest = fetch.get(pods.all, workloadKey(connected));
      // A pod that is gone keeps its configuration while its proxy drains.
      const pod = latest?.workload.uid === connected.uid ? latest : pods.podOf(connected, fetch);
      if (pod === undefined) return undefined;
      const { workload, mtls } = pod;
      const inFrontOf = selecting(workload, fetch);
      const origins = [...inFrontOf.map(serviceReference), ...pods.policiesOf(workload, fetch)];
      return scope(workload.namespace, traits, workloadInbound(workload, inFrontOf, mtls), origins);
    },
    isDeepStrictEqual,
  );
}

/**
 * Returns what finds the Services in front of a pod, by key. Each Service is found by one of the labels that it wants, so that one
 * which changes concerns the pods with that label, and not all of its namespace.
 */
function servicesBySelector(services: Sources["services"]): (workload: Workload, fetch: Fetch) => readonly Service[] {
  const name = (namespace: string, label: string, value: string) => `${namespace}/${label}=${value}`;
  const byLabel = indexBy(services, ({ namespace, selector }) => {
    const [first] = Object.entries(selector).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return first === undefined ? [] : [name(namespace, ...first)];
  });
  return (workload, fetch) =>
    Object.entries(workload.labels)
      .flatMap(([label, value]) => fetch.get(byLabel, name(workload.namespace, label, value))?.values ?? [])
      .filter((service) => selects(service, workload))
      .toSorted((a, b) => (serviceKey(a) < serviceKey(b) ? -1 : 1));
}

function scope(
  namespace: string,
  traits: ProxyTraits,
  inbound: WorkloadInbound,
  origins: readonly ObjectReference[],
): Scope {
  const { ipStack, capturesDns } = traits;
  // A change of what is accepted leaves the clusters alone.
  const ports = inbound.ports.map(({ port, protocol }) => `${port}:${protocol}`).join(",");
  const modes = [...inbound.ports.map(({ mtls }) => mtls), inbound.otherPorts].join(",");
  const clusterShape = `${ipStack}/${ports}`;
  const listenerShape = `${clusterShape}/${modes}/${capturesDns ? "dns" : ""}`;
  return { namespace, traits, inbound, clusterShape, listenerShape, origins };
}
