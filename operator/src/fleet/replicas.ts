import type { KubeObject } from "@meshwright/kube/types";

/** Fields of an EndpointSlice that are looked at. */
export interface EndpointSlice extends KubeObject {
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
  readonly endpoints?:
    | readonly {
        readonly addresses?: readonly string[];
        readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean };
        readonly targetRef?: { readonly name?: string };
      }[]
    | null;
}

/** A replica of the control plane that serves. */
export interface Replica {
  /** Name of its pod. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Name of the Service's port. */
const portName = "https-debug";

/**
 * Lists the replicas behind a Service, sorted by name. One that is ending counts as long as it serves: its proxies are
 * still connected to it.
 */
export function replicasOf(slices: readonly EndpointSlice[]): readonly Replica[] {
  const found = slices.flatMap(({ ports, endpoints }) => {
    const port = ports?.find(({ name }) => name === portName)?.port;
    return port === undefined ? [] : (endpoints ?? []).flatMap((endpoint) => replicaOf(endpoint, port));
  });
  // A Service of two families has slices of both.
  const byName = new Map(found.toReversed().map((replica) => [replica.name, replica]));
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

type SliceEndpoint = NonNullable<EndpointSlice["endpoints"]>[number];

function replicaOf({ addresses, conditions, targetRef }: SliceEndpoint, port: number): readonly Replica[] {
  const address = addresses?.[0];
  // Kubernetes before 1.26 says nothing of serving.
  const isServing = conditions?.serving ?? conditions?.ready ?? true;
  return address === undefined || !isServing ? [] : [{ name: targetRef?.name ?? address, address, port }];
}
