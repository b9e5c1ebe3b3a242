import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { WorkloadInbound } from "../model/inbound-port.ts";
import { workloadKey } from "../model/workload.ts";
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
  const byNamespace = indexBy(services, ({ namespace }) => [namespace]);
  return map(
    proxies,
    ({ workload: connected, traits }, _, fetch) => {
      const latest = fetch.get(pods.all, workloadKey(connected));
      // A pod that is gone keeps its configuration while its proxy drains.
      const pod = latest?.workload.uid === connected.uid ? latest : pods.podOf(connected, fetch);
      if (pod === undefined) return undefined;
      const { workload, mtls } = pod;
      const neighbours = fetch.get(byNamespace, workload.namespace)?.values ?? [];
      const selecting = neighbours.filter((service) => selects(service, workload));
      const origins = [...selecting.map(serviceReference), ...pods.policiesOf(workload, fetch)];
      return scope(workload.namespace, traits, workloadInbound(workload, selecting, mtls), origins);
    },
    isDeepStrictEqual,
  );
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
