import type { Protocol } from "./protocol.ts";

/** A Kubernetes Service that has endpoints of its own; an ExternalName Service is none. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly addressing: Addressing;
  /** TCP ports only. */
  readonly ports: readonly ServicePort[];
  /** Labels of the pods behind it; empty: it selects none, and someone else writes its endpoints. */
  readonly selector: Readonly<Record<string, string>>;
}

/** How clients address a Service: by an address of its own, or by those of its pods. */
export type Addressing =
  | { readonly kind: "virtual"; readonly addresses: readonly string[] }
  | { readonly kind: "headless" };

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
  return addressing.kind === "virtual" ? addressing.addresses : podAddresses;
}

/** Key of a Service in caches and indexes. */
export function serviceKey(service: { readonly namespace: string; readonly name: string }): string {
  return `${service.namespace}/${service.name}`;
}
