import type { Protocol } from "./protocol.ts";

/** A Kubernetes Service. One that is an alias has no ports and selects nothing: its host's Service has them. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly addressing: Addressing;
  /** TCP ports only. */
  readonly ports: readonly ServicePort[];
  /** Labels of the pods behind it; empty: it selects none, and someone else writes its endpoints. */
  readonly selector: Readonly<Record<string, string>>;
}

/** How clients address a Service: by an address of its own, by those of its pods, or by the name of another host. */
export type Addressing =
  | { readonly kind: "virtual"; readonly addresses: readonly string[] }
  | { readonly kind: "headless" }
  /** An ExternalName Service, which DNS answers with another host's name: in lower case, without a dot at its end. */
  | { readonly kind: "alias"; readonly host: string };

export interface ServicePort {
  /** Unique within the Service; empty when its only port has no name. */
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly targetPort: TargetPort;
}

export type TargetPort =
  | { readonly kind: "number"; readonly port: number }
  /** Name of a container port, which each pod resolves for itself. */
  | { readonly kind: "name"; readonly name: string };

/**
 * Addresses on which a Service's own ports listen.
 *
 * @param podAddresses those of all its endpoints
 */
export function addressesOf({ addressing }: Service, podAddresses: readonly string[]): readonly string[] {
  switch (addressing.kind) {
    case "virtual":
      return addressing.addresses;
    case "headless":
      return podAddresses;
    case "alias":
      return [];
  }
}

/** Key of a Service in caches and indexes. */
export function serviceKey(service: { readonly namespace: string; readonly name: string }): string {
  return `${service.namespace}/${service.name}`;
}
