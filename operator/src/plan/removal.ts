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

/** Whether a revision is what an install asks for, or what last was ready, which goes on until the other is. */
export function isActive(
  { metadata: { name } }: MeshRevision,
  { install }: Observed,
  target: string | undefined,
): boolean {
  return name === target || name === install.status?.activeRevision;
}

/**
 * Tells when an install lets a revision go: one that it made, and that was seen both inactive and unused for the grace period.
 * What is not known counts as used.
 *
 * @param target the revision that is asked for; undefined: nobody knows, and none goes
 */
export function expiryOf(revision: MeshRevision, usage: Usage, observed: Observed, target: string | undefined): Expiry {
  const { install, now } = observed;
  const { annotations = {}, deletionTimestamp } = revision.metadata;
  const isNeeded = target === undefined || isActive(revision, observed, target);
  const isKept = annotations[keepAnnotation] === "true" || !isOf(install, revision) || deletionTimestamp !== undefined;
  if (isNeeded || isKept || isUsed(usage) !== false) return { kind: "never" };
  const graceMs = install.spec.updateStrategy.inactiveRevisionDeletionGracePeriodSeconds * 1_000;
  const [unused, inactive] = [falseSince(revision, "InUse"), falseSince(revision, "Active")];
  // What is so for the first time now is written down first.
  if (unused === undefined || inactive === undefined) return { kind: "in", ms: graceMs };
  return { kind: "in", ms: Math.max(0, Math.max(unused, inactive) + graceMs - now.getTime()) };
}

/** When a condition was first seen false; undefined while it is not. */
function falseSince({ status }: MeshRevision, type: string): number | undefined {
  const condition = status?.conditions?.find((each) => each.type === type);
  return condition?.status === "False" ? Date.parse(condition.lastTransitionTime) : undefined;
}
