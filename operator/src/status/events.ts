import type { MeshInstallStatus } from "../api/mesh-install-status.ts";

/** Something that happened, as an Event tells it. */
export interface Happening {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly note: string;
}

/**
 * What happened between two statuses: nothing, or the mesh became ready, ceased to be, was refused, or changed the reason.
 * Changes of the message alone are no events: they are progress, which the status shows.
 */
export function happenings(before: MeshInstallStatus | undefined, after: MeshInstallStatus): readonly Happening[] {
  const [was, is] = [ready(before), ready(after)];
  if (is === undefined || (was?.status === is.status && was.reason === is.reason)) return [];
  const isStalled = after.conditions?.some(({ type, status }) => type === "Stalled" && status === "True") === true;
  const isFailure = isStalled || is.reason === "ApplyFailed" || was?.status === "True";
  return [{ type: isFailure ? "Warning" : "Normal", reason: is.reason, note: is.message }];
}

function ready(status: MeshInstallStatus | undefined) {
  return status?.conditions?.find((condition) => condition.type === "Ready");
}
