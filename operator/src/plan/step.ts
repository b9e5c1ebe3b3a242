import type { MeshRevision, MeshRevisionTag } from "../api/mesh-revision.ts";
import type { FleetState, OwnedObject } from "../observe/types.ts";
import type { Dangling } from "./dangling.ts";
import type { Manifest } from "./manifest.ts";
import type { Preflight } from "./preflight.ts";
import type { Problem } from "./problem.ts";
import type { TagHindrance } from "./tags.ts";
import type { Usage } from "./usage.ts";

/** One change of the cluster. */
export type Step =
  | { readonly kind: "holdFinalizer" }
  | { readonly kind: "releaseFinalizer" }
  /** Makes the root and its key and stores them, unless a root is there already. */
  | { readonly kind: "createCertificateAuthority"; readonly manifest: Manifest }
  | { readonly kind: "apply"; readonly manifest: Manifest }
  | { readonly kind: "delete"; readonly object: OwnedObject }
  /** Lets go of a MeshRevision whose deletion was asked for. */
  | { readonly kind: "releaseRevision"; readonly revision: MeshRevision };

/** What is true about an install. */
export type Verdict =
  /** `note`: what is still to happen, although everything works. */
  | { readonly kind: "ready"; readonly note?: string }
  /** Steps were decided, or an object is on its way; nobody needs to do anything. */
  | { readonly kind: "progressing"; readonly reason: ProgressReason; readonly message: string }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  | { readonly kind: "uninstalling"; readonly message: string }
  | { readonly kind: "uninstallRefused"; readonly problem: Problem }
  /** Nothing is left, but for what meshed pods still need after a forced uninstall. */
  | { readonly kind: "uninstalled"; readonly kept: readonly string[] };

/** What an install waits for. */
export type ProgressReason = "Applying" | "NodeAgentNotReady" | "ControlPlaneNotReady" | "WebhookNotReady";

/** What each reason tells a user; the reference shows it. */
export const progressMeanings: Readonly<Record<ProgressReason, string>> = {
  Applying: "Objects are being created, changed or pruned.",
  NodeAgentNotReady: "Not every node that should run the node agent has an updated, available one.",
  ControlPlaneNotReady: "Not every replica of the control plane is updated and available, or old ones still run.",
  WebhookNotReady:
    "The injection webhook does not answer, or not with a certificate that its `caBundle` verifies; until it does, labelled pods cannot be created, or, during a first install, get no sidecar.",
};

export interface Plan {
  /** Done in order; a step that fails ends them. */
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
  /** The revision that is asked for; absent: what is asked for cannot be had, or nothing is. */
  readonly target?: { readonly revision: string; readonly version: string };
  /** What was found before a change of version; absent while none is asked for. */
  readonly preflight?: Preflight;
  /** Every revision that is there, and what is true about it. */
  readonly revisions: readonly RevisionReport[];
  readonly tags: readonly TagReport[];
  /** Names in labels that nothing injects for. */
  readonly dangling: readonly Dangling[];
  /** When the answer can change although no watched object does. */
  readonly recheckAfterMs?: number;
}

/** Where nothing is reported but what the verdict says. */
export const noReports = { revisions: [], tags: [], dangling: [] } as const satisfies Partial<Plan>;

/** What keeps something from being ready. */
export interface Obstacle {
  readonly reason: ProgressReason;
  readonly message: string;
}

/** Whether what a revision's pods need on their nodes works, and is new enough. */
export type Dependency =
  | { readonly kind: "healthy" }
  | { readonly kind: "unhealthy"; readonly reason: "NodeAgentNotReady" | "NodeAgentBehind"; readonly message: string };

/** Whether pods can get the sidecar of a revision. */
export type Injection =
  | { readonly kind: "answers" }
  /** Its webhook is called and does not answer, so that pods which ask for it cannot be created. */
  | { readonly kind: "silent"; readonly detail: string }
  /** It has no webhook yet. */
  | { readonly kind: "none" };

/** What is true about a revision. */
export interface RevisionReport {
  readonly revision: MeshRevision;
  /** None: it serves and injects. */
  readonly obstacles: readonly Obstacle[];
  /** Objects of it that are to be changed; none: all are as wanted. */
  readonly changing: readonly string[];
  readonly dependency: Dependency;
  readonly injection: Injection;
  /** It is what the install asks for, or what last was ready. */
  readonly isActive: boolean;
  readonly usage: Usage;
  readonly fleet: FleetState | undefined;
  /** What a user should know of it although it works. */
  readonly note: string | undefined;
}

/** What is true about a tag. */
export interface TagReport {
  readonly tag: MeshRevisionTag;
  /** Revision whose webhook it calls. */
  readonly revision: string | undefined;
  readonly hindrance: TagHindrance | undefined;
  /** What names the tag, as `Namespace "shop"`, sorted. */
  readonly users: readonly string[];
}
