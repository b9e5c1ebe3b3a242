import type { KubeClient } from "@meshwright/kube/client";
import type { EventRecorder } from "@meshwright/kube/event-recorder";
import { isKubeError } from "@meshwright/kube/kube-error";
import type { WorkResult } from "@meshwright/kube/work-queue";
import type { Logger } from "@meshwright/log/logger";
import type { MeshInstall } from "../api/mesh-install.ts";
import type { MeshRevision } from "../api/mesh-revision.ts";
import { carryOut } from "../apply/carry-out.ts";
import { writeStatus } from "../apply/write-status.ts";
import type { Observed } from "../observe/types.ts";
import type { OperatorSettings } from "../plan/installation.ts";
import { plan } from "../plan/plan.ts";
import type { Plan, RevisionReport, Step } from "../plan/step.ts";
import { type Happening, happenings, revisionHappenings } from "../status/events.ts";
import { type Outcome, uninstalledMessage } from "../status/findings.ts";
import { revisionStatus } from "../status/revision-status.ts";
import { preflightStatus, status } from "../status/status.ts";
import { tagStatus } from "../status/tag-status.ts";

/** The world as a reconcile needs it. */
export interface Reconciler {
  readonly client: KubeClient;
  readonly settings: OperatorSettings;
  readonly events: EventRecorder;
  readonly logger: Logger;
  readonly observe: (name: string, signal: AbortSignal) => Promise<Observed | undefined>;
  /** Looked at before every write: whoever led until a moment ago writes no more. */
  readonly isLeader: () => boolean;
  readonly now: () => Date;
  /** Looks at the fleet soon: what was applied will show there. */
  readonly refreshFleet: () => void;
}

/** The API server tells us of our own writes; this is for the event that gets lost. */
const recheckAfterStepsMs = 5_000;

/**
 * Observes, decides, does, reports. Status is written on failure too: it is where users look first.
 * Errors: rethrows what made a step fail; the work queue owns the retry.
 */
export async function reconcile(name: string, reconciler: Reconciler, signal: AbortSignal): Promise<WorkResult> {
  const seen = await reconciler.observe(name, signal);
  if (seen === undefined) return { kind: "done" };
  const next = plan(seen, reconciler.settings);
  const observed = await withPreflight(seen, next, reconciler, signal);
  try {
    for (const step of next.steps) await guarded(step, observed.install, reconciler, signal);
  } catch (error) {
    if (isTold(error)) await report(observed, next, failure(error), reconciler, signal);
    throw error;
  }
  await report(observed, next, { kind: "applied" }, reconciler, signal);
  if (next.steps.length > 0) reconciler.refreshFleet();
  return result(next);
}

/** What was found before a change of version is written down before the change: afterwards nobody could find it again. */
async function withPreflight(
  observed: Observed,
  { preflight }: Plan,
  { client, events }: Reconciler,
  signal: AbortSignal,
): Promise<Observed> {
  if (preflight === undefined) return observed;
  const { install } = observed;
  const told = { ...install.status, preflight: preflightStatus(preflight) };
  await writeStatus(client, install, told, signal);
  tell(happenings(install.status, told), install, events);
  return { ...observed, install: { ...install, status: told } };
}

async function guarded(step: Step, install: MeshInstall, reconciler: Reconciler, signal: AbortSignal): Promise<void> {
  const { client, logger, now, isLeader } = reconciler;
  if (!isLeader()) throw new DOMException("this replica no longer leads", "AbortError");
  await carryOut(step, install, { client, logger, now }, signal);
}

/** A conflict is mended by the retry, and an abort concerns nobody: neither is shown to users. */
function isTold(error: unknown): boolean {
  return !isKubeError(error, "Conflict", "Aborted") && !(error instanceof DOMException);
}

function failure(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", message, lasting: !(isKubeError(error) && error.retryable) };
}

function result({ steps, recheckAfterMs }: Plan): WorkResult {
  const afterMs = recheckAfterMs ?? (steps.length > 0 ? recheckAfterStepsMs : undefined);
  return afterMs === undefined ? { kind: "done" } : { kind: "recheck", afterMs };
}

async function report(
  observed: Observed,
  { verdict, ...planned }: Plan,
  outcome: Outcome,
  { client, events, now }: Reconciler,
  signal: AbortSignal,
): Promise<void> {
  const { install } = observed;
  if (verdict.kind === "uninstalled" && outcome.kind === "applied") {
    const type = verdict.kept.length > 0 ? "Warning" : "Normal";
    const note = uninstalledMessage(verdict.kept);
    return events.record({ regarding: install, type, reason: "Uninstalled", action: "Uninstall", note });
  }
  const next = status(observed, { verdict, ...planned }, outcome, now());
  await writeStatus(client, install, next, signal);
  for (const each of planned.revisions) await reportRevision(each, { client, events, now }, signal);
  for (const each of planned.tags) await writeStatus(client, each.tag, tagStatus(each, now()), signal);
  tell(happenings(install.status, next), install, events);
}

async function reportRevision(
  each: RevisionReport,
  { client, events, now }: Pick<Reconciler, "client" | "events" | "now">,
  signal: AbortSignal,
): Promise<void> {
  const { revision } = each;
  const next = revisionStatus(each, now());
  await writeStatus(client, revision, next, signal);
  tell(revisionHappenings(revision.status, next), revision, events);
}

function tell(all: readonly Happening[], regarding: MeshInstall | MeshRevision, events: EventRecorder): void {
  for (const happening of all) events.record({ regarding, action: "Reconcile", ...happening });
}
