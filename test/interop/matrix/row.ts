import type { HostName } from "../bed/bed.ts";
import type { PodName } from "../bed/objects.ts";
import type { PortName } from "../bed/service-ports.ts";
import type { ClientName } from "../programs/catalog.ts";

/** A mesh of its own for each: what it accepts, and where it lets its pods go. */
export type Mode =
  | "permissive"
  | "strict"
  /** A strict mesh, of which one namespace is set to plaintext. */
  | "disabled"
  /** A strict mesh, in which single ports of the pod `web` are permissive or set to plaintext. */
  | "by port"
  /** Permissive, and no host outside of the mesh is called. */
  | "registry only";

/** How the client addresses the server. */
type Via =
  /** The Service's name, which stands for its ClusterIP. */
  | "Service"
  /** The Service's short name. */
  | "short name"
  | "ClusterIP"
  /** The name of a headless Service. */
  | "headless Service"
  /** The name of one pod of a StatefulSet. */
  | "StatefulSet peer"
  | "pod IP"
  /** The name of a Service that has no other address than an IPv6 one. */
  | "IPv6-only Service"
  /** The second address of a Service of two families. */
  | "IPv6 ClusterIP"
  /** The name of one pod of a StatefulSet, which stands for its IPv6 address. */
  | "IPv6 StatefulSet peer"
  /** The pod's second address. */
  | "IPv6 pod IP"
  | "node port"
  | "host port"
  /** A Service of type ExternalName: an alias in DNS for another Service or for a host outside. */
  | "ExternalName"
  /** A host's name outside of the cluster. */
  | "host name";

/** One conversation, and what must come of it. */
export interface Row {
  readonly mode: Mode;
  readonly from: HostName;
  readonly to: HostName;
  readonly via: Via;
  readonly port: PortName;
  readonly speak: ClientName;
  readonly expect: Expectation;
}

export type Expectation =
  | Answered
  /** An answer by status: HTTP's, or gRPC's code. */
  | { readonly kind: "status"; readonly status: number }
  /** No answer: the connection is refused or closed. */
  | { readonly kind: "closed" }
  /** Not run, for a written reason. */
  | { readonly kind: "skip"; readonly reason: string };

export interface Answered {
  readonly kind: "answered";
  /** As the server saw it. */
  readonly protocol: string;
  /** Service account that the server, or the sidecar before it, saw proven; `nobody` without a proof. */
  readonly peer: PodName | "nobody";
}

/** Says what a row is about: unique. */
export function rowName({ mode, from, to, via, port, speak }: Row): string {
  return `${mode}: ${speak} from ${from} to ${to} by ${via}, port "${port}"`;
}
