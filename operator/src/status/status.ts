import { settingsOf } from "../api/filled-in.ts";
import { isDeleting, type MeshInstall } from "../api/mesh-install.ts";
import type { MeshInstallStatus, Phase } from "../api/mesh-install-status.ts";
import type { Observed } from "../observe/types.ts";
import type { Preflight } from "../plan/preflight.ts";
import type { Plan, RevisionReport } from "../plan/step.ts";
import { isUsed } from "../plan/usage.ts";
import { conditions, type Findings } from "./conditions.ts";
import { findings, type Outcome } from "./findings.ts";
import { installFleet } from "./install-fleet.ts";
import { proxyCounts } from "./proxies.ts";

/** What of a plan its install's status tells. */
export type Planned = Pick<Plan, "verdict" | "target" | "preflight" | "revisions" | "dangling">;

/** The status of an install after its plan was carried out; equal facts give an equal status. */
export function status(
  { install, fleets, certificateAuthority }: Pick<Observed, "install" | "fleets" | "certificateAuthority">,
  planned: Planned,
  outcome: Outcome,
  now: Date,
): MeshInstallStatus {
  const { generation } = install.metadata;
  const { target, revisions } = planned;
  const fleet = installFleet({ fleets }, target?.revision);
  const found = findings(planned, outcome, fleet);
  const proxies = proxyCounts(fleet);
  const isReady = found.Ready.status === "True";
  const version = (isReady ? target?.version : undefined) ?? install.status?.version;
  const activeRevision = (isReady ? target?.revision : undefined) ?? install.status?.activeRevision;
  return {
    observedGeneration: generation,
    phase: phase(install, found, target?.version),
    ...(version === undefined ? {} : { version }),
    ...(activeRevision === undefined ? {} : { activeRevision }),
    ...(revisions.length === 0 ? {} : { revisions: revisionCounts(revisions) }),
    ...(proxies === undefined ? {} : { proxies }),
    ...(certificateAuthority.kind === "present" ? { certificates: { rootExpires: certificateAuthority.expires } } : {}),
    ...keptPreflight(install, planned),
    settings: settingsOf(install).map(({ field, value, source }) => ({ field, value: JSON.stringify(value), source })),
    conditions: conditions(found, install.status?.conditions ?? [], generation, now),
  };
}

/** What was found stays to be read while the mesh goes to that version, and is at it. */
function keptPreflight(
  { status: before }: MeshInstall,
  { preflight, target }: Planned,
): Pick<MeshInstallStatus, "preflight"> {
  if (preflight !== undefined) return { preflight: preflightStatus(preflight) };
  const last = before?.preflight;
  return last !== undefined && last.version === target?.version ? { preflight: last } : {};
}

/** What pre-flight found, as a status tells it. */
export function preflightStatus({ version, findings: all }: Preflight): NonNullable<MeshInstallStatus["preflight"]> {
  const told = all.slice(0, maxFindings).map(({ severity, object, message }) => ({
    severity,
    object: cut(object),
    message: cut(message),
  }));
  return { version, findings: told };
}

const maxFindings = 20;

function cut(text: string): string {
  return text.slice(0, 1_024);
}

/** How many are in use is told only when it is known of each. */
function revisionCounts(reports: readonly RevisionReport[]): NonNullable<MeshInstallStatus["revisions"]> {
  const uses = reports.map(({ usage }) => isUsed(usage));
  return {
    total: reports.length,
    ready: reports.filter(({ obstacles }) => obstacles.length === 0).length,
    ...(uses.includes(undefined) ? {} : { inUse: uses.filter((used) => used === true).length }),
  };
}

function phase(install: MeshInstall, found: Findings, wanted: string | undefined): Phase {
  if (isDeleting(install)) return "Uninstalling";
  if (found.Stalled.status === "True") return "Stalled";
  if (found.Ready.status === "True") return "Ready";
  const installed = install.status?.version;
  if (installed === undefined) return "Installing";
  return wanted === undefined || installed === wanted ? "Degraded" : "Upgrading";
}
