import type { Condition } from "../api/status-fields.ts";
import type { Reason } from "./reason.ts";

/** Types of conditions of a MeshInstall, in the order in which they stand in a status: the alphabet's, so that nothing moves. */
export const conditionTypes = [
  "DependenciesHealthy",
  "ProxiesHealthy",
  "Ready",
  "Reconciled",
  "Reconciling",
  "ReferencesResolved",
  "Stalled",
  "Upgradeable",
] as const;
export type ConditionType = (typeof conditionTypes)[number];

/** What it means that a condition is true; the reference shows it. */
export const conditionMeanings: Readonly<Record<ConditionType, string>> = {
  DependenciesHealthy: "What the mesh needs from the cluster, and does not own, is there.",
  ProxiesHealthy:
    "Every proxy that is connected to the control plane acknowledges what it is sent. Unknown while a replica of the control plane does not say.",
  Ready: "The mesh works, and every part of it is up to date: pods can be injected and get their certificates.",
  Reconciled: "Every object of the install was applied as wanted. They need not work yet.",
  Reconciling: "The operator is changing something, or waits for it to take effect. Nobody needs to do anything.",
  ReferencesResolved: "Every label of a namespace or pod names a revision or tag that injects.",
  Stalled: "Nothing goes on until somebody changes something; the message says what.",
  Upgradeable:
    "The mesh is settled: a newer operator, or a newer version of the mesh, may come. False while it changes, while something is wrong with it, and while more than one revision is used.",
};

/** What a condition says. */
export interface Finding {
  readonly status: Condition["status"];
  readonly reason: Reason;
  /** One deterministic sentence: no time, and lists sorted. */
  readonly message: string;
}

export type Findings = Readonly<Record<ConditionType, Finding>>;

/** Writes findings as conditions, sorted by type; the time of a transition changes only with the status. */
export function conditions<Type extends string>(
  findings: Readonly<Record<Type, Finding>>,
  previous: readonly Condition[],
  observedGeneration: number,
  now: Date,
): readonly Condition[] {
  // The type of Object.keys is string[], for objects may have more keys than their type says; findings have not.
  const types = Object.keys(findings) as Type[];
  return types.toSorted().map((type) => {
    const before = previous.find((condition) => condition.type === type);
    const { status, reason, message } = findings[type];
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : rfc3339(now);
    return { type, status, observedGeneration, lastTransitionTime, reason, message };
  });
}

/** Kubernetes' times have whole seconds. */
function rfc3339(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
