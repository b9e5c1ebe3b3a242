import type { MeshRevision } from "@meshwright/operator/api/mesh-revision";
import type { Condition } from "@meshwright/operator/api/status-fields";
import type { FleetState } from "@meshwright/operator/observe/types";
import { type ProblemReason, problemMeanings } from "@meshwright/operator/plan/problem";
import {
  type ProgressReason,
  progressMeanings,
  type RevisionReport,
  type Verdict,
} from "@meshwright/operator/plan/step";
import type { TagHindrance } from "@meshwright/operator/plan/tags";
import type { Usage } from "@meshwright/operator/plan/usage";
import { conditionTypes, type Findings } from "@meshwright/operator/status/conditions";
import { findings, type Outcome } from "@meshwright/operator/status/findings";
import { type Reason, reasonMeanings } from "@meshwright/operator/status/reason";
import { revisionStatus } from "@meshwright/operator/status/revision-status";
import { tagStatus } from "@meshwright/operator/status/tag-status";
import { z } from "zod";

/** A reason, and the conditions and statuses that the operator gives it. */
export interface ReasonUse {
  readonly reason: Reason;
  readonly meaning: string;
  /** As `Ready=False`; empty for what only an Event tells. */
  readonly uses: readonly string[];
}

/** Every reason with its uses: found by judging everything that can be the case, so that the list cannot be wrong. */
export function reasonUses(): readonly ReasonUse[] {
  const all = [...everyFindings().flatMap(conditionsOf), ...everyRevision(), ...everyTag()];
  return keys(reasonMeanings).map((reason) => {
    const uses = all.filter((condition) => condition.reason === reason).map(({ type, status }) => `${type}=${status}`);
    return { reason, meaning: reasonMeanings[reason], uses: [...new Set(uses)].toSorted() };
  });
}

/** What of a condition names its use. */
type Use = Pick<Condition, "type" | "status" | "reason">;

function conditionsOf(found: Findings): readonly Use[] {
  return conditionTypes.map((type) => ({ type, status: found[type].status, reason: found[type].reason }));
}

const noDate = new Date(0);
const metadata = { name: "", uid: "", generation: 1, resourceVersion: "", creationTimestamp: "" };

/** Of a revision's spec a status says nothing. */
const revision: MeshRevision = {
  apiVersion: "",
  kind: "",
  metadata,
  spec: z.custom<MeshRevision["spec"]>().parse({}),
};

const unused: Usage = { tags: [], namespaces: [], pods: [], connections: 0 };

/** One that is as it should be, and that nobody uses. */
const whole: RevisionReport = {
  revision,
  obstacles: [],
  changing: [],
  dependency: { kind: "healthy" },
  injection: { kind: "answers" },
  isActive: true,
  usage: unused,
  fleet: undefined,
  note: undefined,
};

function everyRevision(): readonly Use[] {
  const unhealthy = ["NodeAgentNotReady", "NodeAgentBehind"] as const;
  const reports: readonly Partial<RevisionReport>[] = [
    {},
    { usage: { ...unused, pods: ["a/b"] } },
    { usage: { ...unused, connections: undefined } },
    { changing: [""] },
    { isActive: false },
    { injection: { kind: "none" } },
    { injection: { kind: "silent", detail: "" } },
    ...unhealthy.map((reason) => ({ dependency: { kind: "unhealthy", reason, message: "" } as const })),
    ...keys(progressMeanings)
      .filter((reason) => reason.endsWith("NotReady"))
      .map((reason) => ({ obstacles: [{ reason, message: "" }] })),
  ];
  return reports.flatMap((report) => revisionStatus({ ...whole, ...report }, noDate).conditions ?? []);
}

function everyTag(): readonly Use[] {
  const tag = { apiVersion: "", kind: "", metadata, spec: { targetRef: { kind: "MeshInstall", name: "" } } } as const;
  const kinds = ["targetMissing", "nameTaken", "waits"] as const satisfies readonly TagHindrance["kind"][];
  const hindrances = [undefined, ...kinds.map((kind) => ({ kind, detail: "" }))];
  return hindrances.flatMap((hindrance) =>
    [[], ["a"]].flatMap((users) => tagStatus({ tag, revision: undefined, hindrance, users }, noDate).conditions ?? []),
  );
}

const readyPlan = { verdict: { kind: "ready" }, dangling: [], revisions: [] } as const;
const usedRevision: RevisionReport = { ...whole, usage: { ...unused, pods: ["a/b"] } };

function everyFindings(): readonly Findings[] {
  const dangling = [{ name: "", users: [""] }];
  const failed = [true, false].map((lasting): Outcome => ({ kind: "failed", message: "", lasting }));
  return [
    ...everyVerdict().map((verdict) => findings({ ...readyPlan, verdict }, { kind: "applied" }, { kind: "unasked" })),
    findings({ ...readyPlan, dangling }, { kind: "applied" }, { kind: "unasked" }),
    findings({ ...readyPlan, revisions: [usedRevision, usedRevision] }, { kind: "applied" }, { kind: "unasked" }),
    ...failed.map((outcome) => findings(readyPlan, outcome, { kind: "unasked" })),
    ...everyFleet().map((fleet) => findings(readyPlan, { kind: "applied" }, fleet)),
  ];
}

function everyFleet(): readonly FleetState[] {
  const known = {
    kind: "known",
    connected: 1,
    onTarget: 0,
    stale: 0,
    rejecting: 0,
    versions: [],
    rejections: [],
  } as const;
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
