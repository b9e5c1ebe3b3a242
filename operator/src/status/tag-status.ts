import type { MeshRevisionTagStatus } from "../api/mesh-revision-tag-status.ts";
import type { TagReport } from "../plan/step.ts";
import type { TagHindrance } from "../plan/tags.ts";
import { conditions, type Finding } from "./conditions.ts";
import type { Reason } from "./reason.ts";

type TagCondition = "InUse" | "Ready";

const reasons = {
  targetMissing: "TargetMissing",
  nameTaken: "NameTaken",
  waits: "RevisionNotReady",
} as const satisfies Readonly<Record<TagHindrance["kind"], Reason>>;

/** The status of a tag; equal facts give an equal status. */
export function tagStatus(report: TagReport, now: Date): MeshRevisionTagStatus {
  const { tag, revision } = report;
  const { generation } = tag.metadata;
  return {
    observedGeneration: generation,
    ...(revision === undefined ? {} : { revision }),
    conditions: conditions(findings(report), tag.status?.conditions ?? [], generation, now),
  };
}

function findings({ revision, hindrance, users }: TagReport): Readonly<Record<TagCondition, Finding>> {
  return { InUse: inUse(users), Ready: ready(revision, hindrance) };
}

function ready(revision: string | undefined, hindrance: TagHindrance | undefined): Finding {
  if (hindrance === undefined)
    return { status: "True", reason: "Ready", message: `it stands for revision "${revision ?? ""}"` };
  const meanwhile = revision === undefined ? "it stands for no revision" : `it stays at revision "${revision}"`;
  return { status: "False", reason: reasons[hindrance.kind], message: `${hindrance.detail}; ${meanwhile}` };
}

function inUse(users: readonly string[]): Finding {
  const [first] = users;
  if (first === undefined) return { status: "False", reason: "NotReferenced", message: "no label names it" };
  const more = users.length > 1 ? ` and ${users.length - 1} more` : "";
  return { status: "True", reason: "Referenced", message: `named by ${first}${more}` };
}
