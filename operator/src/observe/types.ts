import type { FleetObject } from "@meshwright/contract/fleet";
import type { UpgradeNote } from "../api/catalogue.ts";
import type { MeshInstall } from "../api/mesh-install.ts";
import type { MeshRevision, MeshRevisionTag } from "../api/mesh-revision.ts";

/** What is known about one MeshInstall and the cluster around it, at one moment; the input of every decision. */
export interface Observed {
  readonly install: MeshInstall;
  /** Every MeshInstall of the cluster, this one included. */
  readonly installs: readonly MeshInstall[];
  /** Semantic version of the API server, as `1.37.2`. */
  readonly kubernetesVersion: string;
  /** Managed objects of this install, of every kind. */
  readonly owned: readonly OwnedObject[];
  readonly namespace: NamespaceState;
  readonly certificateAuthority: CertificateAuthority;
  /** Revisions of the mesh. */
  readonly revisions: readonly MeshRevision[];
  readonly tags: readonly MeshRevisionTag[];
  readonly references: References;
  /** By revision. */
  readonly webhooks: ReadonlyMap<string, WebhookState>;
  /** By revision. */
  readonly fleets: ReadonlyMap<string, FleetState>;
  readonly remains: Remains;
  readonly pluginUsers: PluginUsers;
  readonly podTroubles: readonly PodTrouble[];
  readonly surroundings: Surroundings;
  /** When all this was looked at. */
  readonly now: Date;
}

/** Who refers to revisions and tags; both maps are by the name that is referred to, and their lists sorted. */
export interface References {
  /** Names of namespaces. */
  readonly namespaces: ReadonlyMap<string, readonly string[]>;
  /** `namespace/name` of pods that have not ended. */
  readonly pods: ReadonlyMap<string, readonly string[]>;
}

/** An object that the operator manages, as the API server has it. */
export interface OwnedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The namespace of the install. */
export type NamespaceState =
  | { readonly kind: "missing" }
  | {
      readonly kind: "present";
      /** Whether the operator made it for this install; only such a namespace is ever deleted. */
      readonly created: boolean;
      readonly terminating: boolean;
      /** Value of the label `pod-security.kubernetes.io/enforce`. */
      readonly podSecurity?: string;
    };

/** The Secret with the mesh's root. */
export type CertificateAuthority =
  | { readonly kind: "missing" }
  | {
      readonly kind: "present";
      /** PEM of the root. */
      readonly root: string;
      /** When the root expires, as RFC 3339 has it. */
      readonly expires: string;
      /** Whether the operator made it for this install; a root that a user brought is never deleted. */
      readonly created: boolean;
    }
  /** The Secret is there, but does not hold what it should. */
  | { readonly kind: "invalid"; readonly detail: string };

/** Whether the injection webhook answers over TLS with a certificate that the root verifies. */
export type WebhookState =
  /** Not asked: the control plane has no ready replica, or there is no root to verify with. */
  { readonly kind: "unasked" } | { readonly kind: "answers" } | { readonly kind: "fails"; readonly detail: string };

/** What would be left behind or cut off by an uninstall; read only while one is asked for. */
export type Remains =
  | { readonly kind: "unasked" }
  | {
      readonly kind: "listed";
      /** `namespace/name` of pods with a sidecar or with a volume of the node agent's driver, sorted. */
      readonly meshedPods: readonly string[];
      /** `namespace/name` of the install's own pods that still exist, sorted. */
      readonly ownPods: readonly string[];
      /** `Kind namespace/name` of objects of others in the install's namespace, sorted. */
      readonly foreign: readonly string[];
    };

/** Pods that rely on the nodes' CNI plugin; read only while CNI mode is switched off and the plugin is still there. */
export type PluginUsers =
  | { readonly kind: "unasked" }
  /** `namespace/name`, sorted. */
  | { readonly kind: "listed"; readonly pods: readonly string[] };

/** What keeps a pod of the install from running; read only while a workload of it lacks pods. */
export interface PodTrouble {
  /** As in the label app.kubernetes.io/component. */
  readonly component: string;
  /** Of a control plane. */
  readonly revision?: string;
  /** In words that stay the same while nothing changes, as `image "x" cannot be pulled: not found`. */
  readonly detail: string;
}

/** The cluster around the mesh as a change of version meets it; looked at only while one is asked for. */
export type Surroundings =
  | { readonly kind: "unasked" }
  | {
      readonly kind: "seen";
      /** Linux nodes. */
      readonly nodes: readonly { readonly name: string; readonly kubeletVersion: string }[];
      readonly injectors: readonly ForeignInjector[];
      /** `namespace/name` of budgets, in the mesh's namespaces, that never let a pod go, sorted. */
      readonly stuckBudgets: readonly string[];
      /** Kinds of others that the mesh reads. */
      readonly definitions: readonly { readonly name: string; readonly version: string; readonly isServed: boolean }[];
      /** By the notes of the version that is asked for. */
      readonly affected: readonly AffectedObjects[];
    };

/** An injector of another mesh. */
export interface ForeignInjector {
  /** Of its MutatingWebhookConfiguration. */
  readonly name: string;
  /** Namespaces of ours whose pods it is called for too, sorted. */
  readonly namespaces: readonly string[];
}

/** What an upgrade note is about in this cluster. */
export type AffectedObjects =
  /** `namespace/name`, sorted. */
  | { readonly note: UpgradeNote; readonly objects: readonly string[] }
  /** Why that cannot be known. */
  | { readonly note: UpgradeNote; readonly unreadable: string };

/** The proxies that are connected to the control plane, as its replicas tell. */
export type FleetState =
  /** No replica serves, so that there is nobody to ask. */
  | { readonly kind: "unasked" }
  /** A replica is silent, and nobody knows what is connected to it. */
  | {
      readonly kind: "unknown";
      /** Which, and why. */
      readonly detail: string;
      /** Of the proxies of the other replicas. */
      readonly rejections: readonly ProxyRejection[];
    }
  | {
      readonly kind: "known";
      readonly connected: number;
      /** Of the wanted version and connected to it, with everything acknowledged. */
      readonly onTarget: number;
      readonly stale: number;
      readonly rejecting: number;
      /** Sorted by version. */
      readonly versions: readonly ProxyVersion[];
      /** Sorted by object and resource. */
      readonly rejections: readonly ProxyRejection[];
    };

/** How many proxies are of a version, as `v1.1.0`; empty: they do not say. */
export interface ProxyVersion {
  readonly version: string;
  readonly proxies: number;
}

/** A resource that proxies reject, and the objects of which it was made. */
export interface ProxyRejection {
  readonly resource: string;
  /** In the proxies' own words. */
  readonly message: string;
  readonly objects: readonly FleetObject[];
}
