import { labels } from "@meshwright/contract/labels";
import type { Observed } from "../observe/types.ts";
import { danglingReferences } from "./dangling.ts";
import { revisionDrifted } from "./drift.ts";
import { foundationSteps } from "./foundation.ts";
import type { OperatorSettings } from "./installation.ts";
import { objectId } from "./manifest.ts";
import { applySteps, pruneSteps } from "./owned.ts";
import { decideParts, type Part, type Parts } from "./parts.ts";
import { preflight } from "./preflight.ts";
import { dependencyOf, injectionOf, installReadiness, isProven, recheckMs, revisionObstacles } from "./readiness.ts";
import { expiryOf, isActive, removalSteps } from "./removal.ts";
import { revisionNote } from "./revision-note.ts";
import { isOf, revisionManifest, type WantedRevision, wantedRevisions } from "./revisions.ts";
import { noReports, type Plan, type RevisionReport, type Step, type TagReport, type Verdict } from "./step.ts";
import { decideTags, type TagDecision } from "./tags.ts";
import { type Target, targetOf } from "./target.ts";

/**
 * Decides the next steps of an install: what all revisions share, then each revision's control plane, its webhook once that
 * answers, then the tags, which move to what is proven; last goes what nobody uses.
 */
export function planInstall(observed: Observed, settings: OperatorSettings): Plan {
  const foundation = foundationSteps(observed);
  if (observed.certificateAuthority.kind !== "present") return { ...applying(foundation), ...noReports };
  const target = targetOf(observed, settings);
  const wanted = wantedRevisions(observed, target, settings);
  if (target.kind === "held" && wanted.length === 0) return { ...refused(target, []), ...noReports };
  const active = target.kind === "revision" ? target.name : observed.install.status?.activeRevision;
  const tags = decideTags(observed, { revisions: wanted, active, isProven: (name) => isProven(name, observed) });
  const parts = decideParts({ observed, wanted, tags, settings });
  const ending = endingSteps(parts, observed, active);
  const steps = [...foundation, ...revisionSteps(parts, observed), ...partSteps(parts, observed), ...ending.steps];
  const decided = verdict(target, steps, observed);
  const found = preflight(observed, settings.catalogue);
  return {
    ...decided,
    ...(found === undefined ? {} : { preflight: found }),
    ...(target.kind === "held" ? {} : { target: { revision: target.name, version: target.entry.version } }),
    ...earliest(decided.recheckAfterMs, ending.recheckAfterMs),
    revisions: parts.revisions.flatMap((part) => revisionReport(part, { steps, observed, active })),
    tags: tags.flatMap((tag) => tagReport(tag, observed)),
    dangling: danglingReferences(observed, injectingNames(wanted, tags)),
  };
}

/** Names under which pods are injected, or will be in a moment. */
function injectingNames(wanted: readonly WantedRevision[], tags: readonly TagDecision[]): ReadonlySet<string> {
  return new Set([
    ...wanted.map(({ name }) => name),
    ...tags.flatMap(({ name, to }) => (to === undefined ? [] : [name])),
  ]);
}

type Decided = Pick<Plan, "steps" | "verdict" | "recheckAfterMs">;

function verdict(target: Target, steps: readonly Step[], observed: Observed): Decided {
  if (target.kind === "held") return refused(target, steps);
  return steps.length > 0 ? applying(steps) : installReadiness(observed, target.name);
}

/** Nothing that pre-flight looks at is watched: what it found is looked at again. */
function refused({ problems }: Extract<Target, { kind: "held" }>, steps: readonly Step[]): Decided {
  const isFound = problems.some(({ reason }) => reason === "PreflightFailed");
  const recheck = isFound ? { recheckAfterMs: recheckMs.whileBlocked } : {};
  return { steps, verdict: { kind: "refused", problems }, ...recheck };
}

function applying(steps: readonly Step[]): Decided {
  const changed = steps.flatMap((step) => ("manifest" in step ? [objectId(step.manifest)] : []));
  const message = changed.length > 0 ? `applying ${changed.join(", ")}` : "removing what is no longer wanted";
  const now: Verdict = { kind: "progressing", reason: "Applying", message };
  return { steps, verdict: now };
}

/** The MeshRevisions themselves: their specs are where a version is remembered. */
function revisionSteps({ revisions }: Parts, { install }: Observed): readonly Step[] {
  return revisions.flatMap(({ wanted }) => {
    const { current } = wanted;
    if (current !== undefined && (!isOf(install, current) || current.metadata.deletionTimestamp !== undefined))
      return [];
    const manifest = revisionManifest(install, wanted);
    return current === undefined || revisionDrifted(manifest, current) ? [{ kind: "apply", manifest } as const] : [];
  });
}

/** What the mesh consists of, in the order in which each part may rely on the one before. */
function partSteps({ nodeAgent, revisions, tags, kept }: Parts, { owned }: Observed): readonly Step[] {
  const staying = revisions.filter(({ isLeaving }) => !isLeaving);
  const due = [
    ...nodeAgent,
    ...staying.flatMap(({ due: { controlPlane } }) => controlPlane),
    ...staying.flatMap(({ due: { injector } }) => injector),
    ...tags,
  ];
  const leaving = new Set(revisions.filter(({ isLeaving }) => isLeaving).map(({ wanted }) => wanted.name));
  const others = owned.filter(({ metadata }) => !leaving.has(metadata.labels?.[labels.revision] ?? ""));
  return [...applySteps(due, owned), ...pruneSteps(kept, others)];
}

/** Revisions that are taken apart, and those whose time has come. */
function endingSteps(
  { revisions }: Parts,
  observed: Observed,
  active: string | undefined,
): Pick<Plan, "steps" | "recheckAfterMs"> {
  const steps: Step[] = [];
  let recheckAfterMs: number | undefined;
  for (const { wanted, usage, isLeaving } of revisions) {
    if (wanted.current === undefined) continue;
    if (isLeaving) steps.push(...removalSteps(wanted.current, observed.owned));
    const expiry = expiryOf(wanted.current, usage, observed, active);
    if (expiry.kind === "never") continue;
    if (expiry.ms === 0) steps.push({ kind: "delete", object: { ...wanted.current } });
    else recheckAfterMs = Math.min(recheckAfterMs ?? expiry.ms, expiry.ms);
  }
  return { steps, ...earliest(recheckAfterMs) };
}

interface Reported {
  readonly steps: readonly Step[];
  readonly observed: Observed;
  /** Revision that the install asks for. */
  readonly active: string | undefined;
}

function revisionReport(part: Part, { steps, observed, active }: Reported): readonly RevisionReport[] {
  const { wanted, usage } = part;
  const { current, name } = wanted;
  const isReleased = steps.some((step) => step.kind === "releaseRevision" && step.revision === current);
  if (current === undefined || isReleased) return [];
  const changing = steps.flatMap((step) =>
    "manifest" in step && isPartOf(name, step.manifest) ? [objectId(step.manifest)] : [],
  );
  const fleet = observed.fleets.get(name);
  const note = revisionNote(wanted, observed.now);
  const [obstacles, injection] = [revisionObstacles(name, observed), injectionOf(name, observed)];
  const dependency = dependencyOf(current.spec.version, observed);
  const facts = { obstacles, changing, dependency, injection, isActive: isActive(current, observed, active) };
  return [{ revision: current, ...facts, usage, fleet, note }];
}

function isPartOf(
  revision: string,
  { metadata }: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } },
): boolean {
  return metadata.labels?.[labels.revision] === revision;
}

function tagReport({ name, from, to, hindrance }: TagDecision, { tags, references }: Observed): readonly TagReport[] {
  const tag = tags.find(({ metadata }) => metadata.name === name);
  if (tag === undefined) return [];
  const users = [
    ...(references.namespaces.get(name) ?? []).map((each) => `Namespace "${each}"`),
    ...(references.pods.get(name) ?? []).map((each) => `Pod "${each}"`),
  ];
  return [{ tag, revision: to ?? from, hindrance, users }];
}

function earliest(...times: readonly (number | undefined)[]): Pick<Plan, "recheckAfterMs"> {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? {} : { recheckAfterMs: Math.min(...known) };
}
