import type { MtlsLookup } from "./effective-mtls.ts";
import type { ServiceEndpoints } from "./endpoint.ts";
import { endpointPerPod, type Reached } from "./endpoint-per-pod.ts";
import type { EndpointSlice, SliceEndpoint } from "./endpoint-slice.ts";
import { mtlsOfPort } from "./inbound-mtls.ts";
import type { Service } from "./service.ts";
import { type Workload, workloadKey } from "./workload.ts";

/** Finds a pod by `namespace/name`. */
export type WorkloadLookup = (key: string) => Workload | undefined;

/**
 * Joins a Service's slices with the pods behind them. The result does not depend on the order of slices or endpoints.
 *
 * An endpoint whose pod is unknown, replaced or terminating is left out: without the pod nobody can say whether it
 * speaks mTLS, and its address may already be another's.
 */
export function resolveEndpoints(
  service: Service,
  slices: readonly EndpointSlice[],
  workload: WorkloadLookup,
  mtls: MtlsLookup,
): ServiceEndpoints {
  // Of an endpoint with addresses of both families the Service's first one is tried first.
  const [preferred] = service.addressing.kind === "virtual" ? service.addressing.addresses : [];
  const byPort = service.ports.map(
    ({ name }) => [name, slices.flatMap((slice) => endpointsOf(slice, name, workload, mtls))] as const,
  );
  const accounts = slices.flatMap((slice) => slice.endpoints.flatMap((endpoint) => accountOf(endpoint, workload)));
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
export function podsBehind(slices: readonly EndpointSlice[], workload: WorkloadLookup): readonly Workload[] {
  return slices.flatMap((slice) => slice.endpoints.flatMap((endpoint) => podOf(endpoint, workload) ?? []));
}

function endpointsOf(
  slice: EndpointSlice,
  portName: string,
  workload: WorkloadLookup,
  mtls: MtlsLookup,
): readonly Reached[] {
  const port = slice.ports.find(({ name }) => name === portName)?.port;
  if (port === undefined) return [];
  return slice.endpoints.flatMap((endpoint) => resolve(endpoint, port, workload, mtls));
}

function resolve(
  endpoint: SliceEndpoint,
  port: number,
  workload: WorkloadLookup,
  mtls: MtlsLookup,
): readonly Reached[] {
  if (!endpoint.isReady) return [];
  const { address, zone } = endpoint;
  if (endpoint.target.kind === "unknown")
    return [{ key: address, address, port, zone, isMeshed: false, owner: { kind: "unknown" } }];
  const pod = podOf(endpoint, workload);
  if (pod === undefined || pod.isTerminating) return [];
  const isMeshed = pod.isMeshed && mtlsOfPort(mtls(pod), port) !== "disabled";
  const owner = { kind: "pod", namespace: pod.namespace, names: pod.names } as const;
  return [{ key: workloadKey(pod), address, port, zone, isMeshed, owner }];
}

/** Pods that are not ready count too: a cluster that changed with each pod's readiness would drop its connections. */
function accountOf(endpoint: SliceEndpoint, workload: WorkloadLookup): readonly string[] {
  const pod = podOf(endpoint, workload);
  return pod === undefined ? [] : [pod.serviceAccount];
}

function podOf({ target }: SliceEndpoint, workload: WorkloadLookup): Workload | undefined {
  if (target.kind === "unknown") return undefined;
  const pod = workload(target.key);
  return pod !== undefined && (target.uid === "" || target.uid === pod.uid) ? pod : undefined;
}
