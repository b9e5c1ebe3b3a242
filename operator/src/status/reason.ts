import { type ProblemReason, problemMeanings } from "../plan/problem.ts";
import { type ProgressReason, progressMeanings } from "../plan/step.ts";

/** Why a condition has its status. */
export type Reason =
  | ProblemReason
  | ProgressReason
  | "Ready"
  | "Applied"
  | "Healthy"
  | "Idle"
  | "NotStalled"
  | "ApplyFailed"
  | "Retrying"
  | "Uninstalling"
  | "Uninstalled"
  | "ProxiesAcknowledge"
  | "ProxiesReject"
  | "ProxiesStale"
  | "ReplicaSilent"
  | "NoReplica"
  | "NodeAgentBehind"
  | "Wanted"
  | "Superseded"
  | "WebhookAnswers"
  | "WebhookSilent"
  | "Settled"
  | "Migrating"
  | "Referenced"
  | "NotReferenced"
  | "TargetMissing"
  | "NameTaken"
  | "RevisionNotReady"
  | "Resolved"
  | "RevisionMissing";

/** What each reason tells a user; the reference shows it. */
export const reasonMeanings: Readonly<Record<Reason, string>> = {
  Ready: "Control plane, node agent and injection webhook work.",
  Applied: "Every object is as wanted.",
  Healthy: "What the mesh needs from the cluster is there.",
  Idle: "Nothing is being changed.",
  NotStalled: "Nothing waits for a user.",
  ...progressMeanings,
  ApplyFailed: "The API server refused a change, or did not answer. It is tried again; the message is its error.",
  Retrying: "A change that failed is tried again.",
  Uninstalling: "Deletion was asked for, and objects are being removed.",
  Uninstalled: "Nothing is left, but for what still running meshed pods need after a forced uninstall.",
  ProxiesAcknowledge: "Connected proxies acknowledge what they are sent.",
  ProxiesReject:
    "Proxies refuse some of their configuration and go on with what they had. The message and `status.proxies.rejected` name the objects of which it was made, and these have a condition and an Event of their own.",
  ProxiesStale: "Proxies have not acknowledged for more than 30 s what they were sent.",
  ReplicaSilent:
    "A replica of the control plane does not say which proxies are connected to it. Nothing is counted until it does.",
  NoReplica: "No replica of the control plane serves.",
  NodeAgentBehind:
    "The node agent is older than the revision, whose sidecars it may not understand: it is updated first, unless something keeps it.",
  Wanted: "The MeshInstall asks for the revision, or has it until what it asks for is ready.",
  Superseded: "The MeshInstall has another revision; once nothing uses this one, it goes.",
  WebhookAnswers: "The injection webhook of the revision answers.",
  WebhookSilent:
    "The injection webhook of the revision is called and does not answer, so that pods which ask for the revision cannot be created. What runs goes on.",
  Settled: "The mesh is ready, at one version, and nothing is on its way to another.",
  Migrating: "More than one revision is used: move the workloads of the older ones first.",
  Referenced: "A tag, a namespace, a pod or a connected proxy uses it; `status.users` counts them.",
  NotReferenced: "Nothing refers to it, and no proxy is connected to it.",
  TargetMissing: "`spec.targetRef` of the tag names what is not there.",
  NameTaken: "A MeshRevision has the tag's name: name one of the two otherwise.",
  RevisionNotReady:
    "The revision that the tag is to stand for does not inject yet; until it does, the tag stays where it is.",
  Resolved: "Every label names a revision or tag that injects.",
  RevisionMissing:
    "Labels name what is neither a revision nor a tag: pods that ask for it are created without a sidecar.",
  ...problemMeanings,
};
