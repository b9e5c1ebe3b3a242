import { labels } from "@meshwright/contract/labels";
import { ignoreAnnotation } from "../api/names.ts";
import type { OwnedObject } from "../observe/types.ts";
import { adopted } from "./adopt.ts";
import { hasDrifted } from "./drift.ts";
import { type Manifest, objectId } from "./manifest.ts";
import type { Step } from "./step.ts";

/** Steps that make objects what they are to be; none for those that are. */
export function applySteps(due: readonly Manifest[], owned: readonly OwnedObject[]): readonly Step[] {
  return due.flatMap((manifest): readonly Step[] => {
    const actual = find(owned, manifest);
    if (actual !== undefined && isIgnored(actual)) return [];
    const wanted = adopted(manifest, actual, due);
    if (actual !== undefined && !hasDrifted(wanted, actual)) return [];
    const apply: Step = { kind: "apply", manifest: wanted };
    return actual !== undefined && excludesOurs(actual) ? [{ kind: "delete", object: actual }, apply] : [apply];
  });
}

/**
 * Somebody gave a budget the field that excludes ours. An apply would set both, which the API server refuses.
 * Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
function excludesOurs({ kind, spec }: OwnedObject): boolean {
  return kind === "PodDisruptionBudget" && typeof spec === "object" && spec !== null && "maxUnavailable" in spec;
}

/** Whether a user has told the operator to leave an object alone. */
export function isIgnored({ metadata }: OwnedObject): boolean {
  return metadata.annotations?.[ignoreAnnotation] === "true";
}

/** Steps that delete objects which are on no list, and are not on their way out already. */
export function pruneSteps(kept: ReadonlySet<string>, owned: readonly OwnedObject[]): readonly Step[] {
  return owned
    .filter((object) => !kept.has(objectId(object)) && isStaying(object) && !isIgnored(object))
    .map((object) => ({ kind: "delete", object }));
}

export function find(owned: readonly OwnedObject[], manifest: Manifest): OwnedObject | undefined {
  const id = objectId(manifest);
  return owned.find((object) => objectId(object) === id);
}

/** Objects of one revision; a tag's webhook is the tag's. */
export function ofRevision(owned: readonly OwnedObject[], revision: string): readonly OwnedObject[] {
  return owned.filter(
    ({ metadata }) => metadata.labels?.[labels.revision] === revision && metadata.labels[labels.tag] === undefined,
  );
}

export function isStaying({ metadata }: OwnedObject): boolean {
  return metadata.deletionTimestamp === undefined;
}
