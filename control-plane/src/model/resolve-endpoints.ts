import type { ServiceEndpoints } from "./endpoint.ts";
import { endpointPerPod, type Reached } from "./endpoint-per-pod.ts";
import type { EndpointSlice, SliceEndpoint } from "./endpoint-slice.ts";
import { mtlsOfPort } from "./inbound-mtls.ts";
import type { Pod, PodLookup } from "./pod.ts";
import type { Service } from "./service.ts";
import { workloadKey } from "./workload.ts";

/**
 * Joins a Service's slices with the pods behind them. The result does not depend on the order of slices or endpoints.
 *
 * An endpoint whose pod is unknown, replaced or terminating is left out: without the pod nobody can say whether it
 * speaks mTLS, and its address may already be another's.
 */
export function resolveEndpoints(service: Service, slices: readonly EndpointSlice[], pod: PodLookup): ServiceEndpoints {
  // Of an endpoint with addresses of both families the Service's first one is tried first.
  const [preferred] = service.addressing.kind === "virtual" ? service.addressing.addresses : [];
  const byPort = service.ports.map(
    ({ name }) => [name, slices.flatMap((slice) => endpointsOf(slice, name, pod))] as const,
  );
  const accounts = slices.flatMap((slice) => slice.endpoints.flatMap((endpoint) => accountOf(endpoint, pod)));
  return {
    byPort: new Map(byPort.map(([name, reached]) => [name, endpointPerPod(reached, preferred)])),
    serviceAccounts: [...new Set(accounts)].toSorted(),
  };
}

/** Every address that a Service's slices name, ready or not, sorted. */
export function addressesBehind(slices: readonly EndpointSlice[]): readonly string[] {
  return [...new Set(slices.flatMap(({ endpoints }) => endpoints.map(({ address }) => address)))].toSorted();
}

/** The pods that a Service's slices name, ready or not: whoever calls a pod by its own name may be early or late. */
export function podsBehind(slices: readonly EndpointSlice[], pod: PodLookup): readonly Pod[] {
  return slices.flatMap((slice) => slice.endpoints.flatMap((endpoint) => podOf(endpoint, pod) ?? []));
}

function endpointsOf(slice: EndpointSlice, portName: string, pod: PodLookup): readonly Reached[] {
  const port = slice.ports.find(({ name }) => name === portName)?.port;
  if (port === undefined) return [];
  return slice.endpoints.flatMap((endpoint) => resolve(endpoint, port, pod));
}

function resolve(endpoint: SliceEndpoint, port: number, lookup: PodLookup): readonly Reached[] {
  if (!endpoint.isReady) return [];
  const { address, zone } = endpoint;
  if (endpoint.target.kind === "unknown") return [{ owner: address, address, port, zone, isMeshed: false }];
  const pod = podOf(endpoint, lookup);
  if (pod === undefined || pod.workload.isTerminating) return [];
  const isMeshed = pod.workload.isMeshed && mtlsOfPort(pod.mtls, port) !== "disabled";
  return [{ owner: workloadKey(pod.workload), address, port, zone, isMeshed }];
}

/** Pods that are not ready count too: a cluster that changed with each pod's readiness would drop its connections. */
function accountOf(endpoint: SliceEndpoint, lookup: PodLookup): readonly string[] {
  const pod = podOf(endpoint, lookup);
  return pod === undefined ? [] : [pod.workload.serviceAccount];
}

function podOf({ target }: SliceEndpoint, lookup: PodLookup): Pod | undefined {
  if (target.kind === "unknown") return undefined;
  const pod = lookup(target.key);
  return pod !== undefined && (target.uid === "" || target.uid === pod.workload.uid) ? pod : undefined;
}
