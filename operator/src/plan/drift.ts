import type { MeshRevision } from "../api/mesh-revision.ts";
import { appliedAnnotation } from "../api/names.ts";
import type { Manifest } from "./manifest.ts";
import { sameQuantity } from "./quantity.ts";

/**
 * Tells whether an object is no longer what was applied: another manifest was applied last, or somebody changed a field
 * that we own. Fields that the API server or others added beside ours do not count.
 */
export function hasDrifted(desired: Manifest, actual: { readonly metadata: Manifest["metadata"] }): boolean {
  const applied = actual.metadata.annotations?.[appliedAnnotation];
  return applied !== desired.metadata.annotations?.[appliedAnnotation] || !contains(actual, desired);
}

/** As hasDrifted, for an object whose finalizers and owners others may add to. */
export function revisionDrifted(desired: Manifest, actual: MeshRevision): boolean {
  const { finalizers: wanted = [], ownerReferences: _owners, ...metadata } = desired.metadata;
  const held = actual.metadata.finalizers ?? [];
  return hasDrifted({ ...desired, metadata }, { ...actual }) || !wanted.every((each) => held.includes(each));
}

/** Whether `actual` has every field of `desired`; lists must be equally long. */
function contains(actual: unknown, desired: unknown): boolean {
  // The API server drops what is empty, so that absent and empty are the same.
  if (actual === undefined && isEmpty(desired)) return true;
  if (Array.isArray(desired)) {
    return Array.isArray(actual) && actual.length === desired.length && desired.every((d, i) => contains(actual[i], d));
  }
  if (isRecord(desired)) {
    return isRecord(actual) && Object.entries(desired).every(([key, value]) => contains(actual[key], value));
  }
  // It also rewrites quantities: 1024Mi comes back as 1Gi.
  return actual === desired || sameQuantity(actual, desired);
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
