import { keepAnnotation, type MeshRevision } from "../api/mesh-revision.ts";
import { componentLabel, components } from "../api/names.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import { isStaying, ofRevision } from "./owned.ts";
import { isOf } from "./revisions.ts";
import type { Step } from "./step.ts";
import { isUsed, type Usage } from "./usage.ts";

/** Whether a revision is to be taken apart: its deletion was asked for, and nothing uses it for certain. */
export function isLeaving(revision: MeshRevision, usage: Usage): boolean {
  return revision.metadata.deletionTimestamp !== undefined && isUsed(usage) === false;
}

/** Takes a revision apart: its webhook first, which must not call what is gone; then what it called; then the MeshRevision. */
export function removalSteps(revision: MeshRevision, owned: readonly OwnedObject[]): readonly Step[] {
  const own = ofRevision(owned, revision.metadata.name);
  const injector = own.filter(({ metadata }) => metadata.labels?.[componentLabel] === components.injector);
  const next = injector.length > 0 ? injector : own;
  if (next.length === 0) return [{ kind: "releaseRevision", revision }];
  return next.filter(isStaying).map((object) => ({ kind: "delete", object }));
}

/** When a revision that nobody uses may go: now, after so many milliseconds, or never. */
export type Expiry = { readonly kind: "never" } | { readonly kind: "in"; readonly ms: number };

/**
 * Tells when an install lets a revision go: one that it made, that is neither what is asked for nor what last was ready, and that
 * was seen unused for the grace period. What is not known counts as used.
 */
export function expiryOf(revision: MeshRevision, usage: Usage, observed: Observed, target: string | undefined): Expiry {
  const { install, now } = observed;
  const { name, annotations = {}, deletionTimestamp } = revision.metadata;
  const isNeeded = target === undefined || name === target || name === install.status?.activeRevision;
  const isKept = annotations[keepAnnotation] === "true" || !isOf(install, revision) || deletionTimestamp !== undefined;
  if (isNeeded || isKept || isUsed(usage) !== false) return { kind: "never" };
  const graceMs = install.spec.updateStrategy.inactiveRevisionDeletionGracePeriodSeconds * 1_000;
  const since = unusedSince(revision);
  // What is unused for the first time now is written down first.
  return { kind: "in", ms: since === undefined ? graceMs : Math.max(0, since.getTime() + graceMs - now.getTime()) };
}

function unusedSince({ status }: MeshRevision): Date | undefined {
  const condition = status?.conditions?.find(({ type }) => type === "InUse");
  return condition?.status === "False" ? new Date(condition.lastTransitionTime) : undefined;
}
