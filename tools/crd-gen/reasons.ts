import type { FleetState } from "@meshwright/operator/observe/types";
import { type ProblemReason, problemMeanings } from "@meshwright/operator/plan/problem";
import { type ProgressReason, progressMeanings, type Verdict } from "@meshwright/operator/plan/step";
import { conditionTypes, type Finding, type Findings } from "@meshwright/operator/status/conditions";
import { findings, type Outcome } from "@meshwright/operator/status/findings";
import { type Reason, reasonMeanings } from "@meshwright/operator/status/reason";

/** A reason, and the conditions and statuses that the operator gives it. */
export interface ReasonUse {
  readonly reason: Reason;
  readonly meaning: string;
  /** As `Ready=False`; empty for what only an Event tells. */
  readonly uses: readonly string[];
}

/** Every reason with its uses: found by judging every outcome that an install can have, so that the list cannot be wrong. */
export function reasonUses(): readonly ReasonUse[] {
  const all = everyFindings();
  return keys(reasonMeanings).map((reason) => {
    const uses = all.flatMap((found) => usesIn(found, reason));
    return { reason, meaning: reasonMeanings[reason], uses: [...new Set(uses)].toSorted() };
  });
}

function usesIn(found: Findings, reason: Reason): readonly string[] {
  return conditionTypes
    .map((type): readonly [string, Finding] => [type, found[type]])
    .filter(([, finding]) => finding.reason === reason)
    .map(([type, finding]) => `${type}=${finding.status}`);
}

function everyFindings(): readonly Findings[] {
  const failed = [true, false].map((lasting): Outcome => ({ kind: "failed", message: "", lasting }));
  return [
    ...everyVerdict().map((verdict) => findings(verdict, { kind: "applied" }, { kind: "unasked" })),
    ...failed.map((outcome) => findings({ kind: "ready" }, outcome, { kind: "unasked" })),
    ...everyFleet().map((fleet) => findings({ kind: "ready" }, { kind: "applied" }, fleet)),
  ];
}

function everyFleet(): readonly FleetState[] {
  const known = { kind: "known", connected: 1, onTarget: 0, stale: 0, rejecting: 0, rejections: [] } as const;
  return [{ kind: "unknown", detail: "", rejections: [] }, known, { ...known, stale: 1 }, { ...known, rejecting: 1 }];
}

/** All but `uninstalled`, which is an Event: the object is gone before a status could say it. */
function everyVerdict(): readonly Verdict[] {
  const progress = (reason: ProgressReason): Verdict => ({ kind: "progressing", reason, message: "" });
  const refused = (reason: ProblemReason): Verdict => ({ kind: "refused", problems: [{ reason, message: "" }] });
  return [
    { kind: "ready" },
    { kind: "uninstalling", message: "" },
    ...keys(progressMeanings).map(progress),
    ...keys(problemMeanings).map(refused),
  ];
}

/** The type of Object.keys is string[], for objects may have more keys than their type says; these records have not. */
function keys<K extends string>(record: Readonly<Record<K, string>>): readonly K[] {
  return Object.keys(record) as K[];
}
