import type { MeshInstallStatus } from "../api/mesh-install-status.ts";
import type { MeshRevisionStatus } from "../api/mesh-revision-status.ts";
import type { Condition } from "../api/status-fields.ts";

/** Something that happened, as an Event tells it. */
export interface Happening {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly note: string;
}

/** What happened between two statuses. Changes of the message alone are no events: they are progress, which the status shows. */
export function happenings(before: MeshInstallStatus | undefined, after: MeshInstallStatus): readonly Happening[] {
  return [
    ...readyHappenings(before, after),
    ...proxyHappenings(before, after),
    ...referenceHappenings(before, after),
    ...preflightHappenings(before, after),
  ];
}

/** What happened to a revision: its webhook ceased to answer, or answers again. */
export function revisionHappenings(
  before: MeshRevisionStatus | undefined,
  after: MeshRevisionStatus,
): readonly Happening[] {
  const [was, is] = [condition(before, "Injecting"), condition(after, "Injecting")];
  if (is === undefined || was?.reason === is.reason) return [];
  if (is.reason === "WebhookSilent") return [{ type: "Warning", reason: is.reason, note: is.message }];
  return was?.reason === "WebhookSilent" ? [{ type: "Normal", reason: is.reason, note: is.message }] : [];
}

/** Each finding once: it is looked for again and again while it blocks. */
function preflightHappenings(before: MeshInstallStatus | undefined, after: MeshInstallStatus): readonly Happening[] {
  const known = new Set((before?.preflight?.findings ?? []).map((finding) => JSON.stringify(finding)));
  const found = (after.preflight?.findings ?? []).filter((finding) => !known.has(JSON.stringify(finding)));
  return found.map(({ severity, object, message }) => ({
    type: "Warning",
    reason: severity === "Blocking" ? "PreflightFailed" : "PreflightWarning",
    note: `${object}: ${message}`,
  }));
}

/** The mesh became ready, ceased to be, was refused, or changed the reason. */
function readyHappenings(before: MeshInstallStatus | undefined, after: MeshInstallStatus): readonly Happening[] {
  const [was, is] = [condition(before, "Ready"), condition(after, "Ready")];
  if (is === undefined || (was?.status === is.status && was.reason === is.reason)) return [];
  const isStalled = after.conditions?.some(({ type, status }) => type === "Stalled" && status === "True") === true;
  const isFailure = isStalled || is.reason === "ApplyFailed" || was?.status === "True";
  return [{ type: isFailure ? "Warning" : "Normal", reason: is.reason, note: is.message }];
}

/** Proxies began or ceased to have what they are to have. That a replica is silent for a while happens in every rollout. */
function proxyHappenings(before: MeshInstallStatus | undefined, after: MeshInstallStatus): readonly Happening[] {
  const [was, is] = [condition(before, "ProxiesHealthy"), condition(after, "ProxiesHealthy")];
  if (is === undefined || is.status === "Unknown" || was?.reason === is.reason) return [];
  if (is.status === "False") return [{ type: "Warning", reason: is.reason, note: is.message }];
  return was?.status === "False" ? [{ type: "Normal", reason: is.reason, note: is.message }] : [];
}

/** Labels began or ceased to name what there is. */
function referenceHappenings(before: MeshInstallStatus | undefined, after: MeshInstallStatus): readonly Happening[] {
  const [was, is] = [condition(before, "ReferencesResolved"), condition(after, "ReferencesResolved")];
  if (is === undefined || was?.message === is.message) return [];
  if (is.status === "False") return [{ type: "Warning", reason: is.reason, note: is.message }];
  return was?.status === "False" ? [{ type: "Normal", reason: is.reason, note: is.message }] : [];
}

function condition(
  status: { readonly conditions?: readonly Condition[] } | undefined,
  wanted: string,
): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === wanted);
}
