/** One EndpointSlice: some of a Service's endpoints, all with the same ports. */
export interface EndpointSlice {
  readonly namespace: string;
  readonly name: string;
  /** Name of the Service, which is in the same namespace. */
  readonly service: string;
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly SliceEndpoint[];
}

export interface SlicePort {
  /** Name of the Service's port; empty when that has none. */
  readonly name: string;
  /** The port on which the pods listen. */
  readonly port: number;
}

export interface SliceEndpoint {
  readonly address: string;
  /** False while it is not ready or terminates. */
  readonly isReady: boolean;
  readonly target: EndpointTarget;
  /** Empty when unknown. */
  readonly zone: string;
}

/** What an endpoint's address belongs to. */
export type EndpointTarget =
  | { readonly kind: "pod"; readonly key: string; readonly uid: string }
  /** An address that someone wrote by hand, or that is no pod's. */
  | { readonly kind: "unknown" };
