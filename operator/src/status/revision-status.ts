import type { MeshRevisionStatus } from "../api/mesh-revision-status.ts";
import type { Dependency, Injection, RevisionReport } from "../plan/step.ts";
import { isUsed, type Usage } from "../plan/usage.ts";
import { conditions, type Finding } from "./conditions.ts";
import { proxyCounts } from "./proxies.ts";

/** Types of conditions of a MeshRevision. */
type RevisionCondition = "Active" | "DependenciesHealthy" | "Injecting" | "InUse" | "Ready" | "Reconciled";

const listedBlockers = 10;

/** The status of a revision; equal facts give an equal status. */
export function revisionStatus(report: RevisionReport, now: Date): MeshRevisionStatus {
  const { revision, usage, fleet } = report;
  const { generation } = revision.metadata;
  const proxies = fleet === undefined ? undefined : proxyCounts(fleet);
  return {
    observedGeneration: generation,
    users: users(usage),
    ...(proxies === undefined ? {} : { proxies }),
    conditions: conditions(findings(report), revision.status?.conditions ?? [], generation, now),
  };
}

function findings(report: RevisionReport): Readonly<Record<RevisionCondition, Finding>> {
  return {
    Active: active(report.isActive),
    DependenciesHealthy: dependencies(report.dependency),
    Injecting: injecting(report.injection),
    InUse: inUse(report.usage),
    Ready: ready(report),
    Reconciled: reconciled(report),
  };
}

function active(isActive: boolean): Finding {
  return isActive
    ? {
        status: "True",
        reason: "Wanted",
        message: "the MeshInstall asks for it, or has it until what it asks for is ready",
      }
    : { status: "False", reason: "Superseded", message: "the MeshInstall has another" };
}

function dependencies(dependency: Dependency): Finding {
  if (dependency.kind === "unhealthy")
    return { status: "False", reason: dependency.reason, message: dependency.message };
  return { status: "True", reason: "Healthy", message: "the node agent runs on every node, and is new enough" };
}

function injecting(injection: Injection): Finding {
  switch (injection.kind) {
    case "answers":
      return { status: "True", reason: "WebhookAnswers", message: "pods that ask for it get their sidecar" };
    case "none":
      return { status: "False", reason: "WebhookNotReady", message: "it has no webhook yet" };
    case "silent":
      return {
        status: "False",
        reason: "WebhookSilent",
        message: `pods that ask for it cannot be created, since its webhook does not answer: ${injection.detail}`,
      };
  }
}

function ready({ obstacles, note }: RevisionReport): Finding {
  const [first] = obstacles;
  const notes = note === undefined ? [] : [note];
  if (first === undefined)
    return { status: "True", reason: "Ready", message: ["it serves proxies and injects pods", ...notes].join("; ") };
  const message = [...obstacles.map((obstacle) => obstacle.message), ...notes].join("; ");
  return { status: "False", reason: first.reason, message };
}

function reconciled({ changing }: RevisionReport): Finding {
  if (changing.length === 0) return { status: "True", reason: "Applied", message: "every object is as wanted" };
  return { status: "False", reason: "Applying", message: `applying ${changing.join(", ")}` };
}

function inUse(usage: Usage): Finding {
  switch (isUsed(usage)) {
    case true:
      return { status: "True", reason: "Referenced", message: `held by ${counts(usage)}` };
    case false:
      return { status: "False", reason: "NotReferenced", message: "nothing refers to it or is connected to it" };
    case undefined:
      return {
        status: "Unknown",
        reason: "ReplicaSilent",
        message: "nothing refers to it, but a replica of its control plane does not say who is connected",
      };
  }
}

/** What holds it, in words: `2 namespaces, 1 pod`. */
function counts({ tags, namespaces, pods, connections = 0 }: Usage): string {
  const all: readonly (readonly [number, string])[] = [
    [tags.length, "tag"],
    [namespaces.length, "namespace"],
    [pods.length, "pod"],
    [connections, "connected proxy"],
  ];
  return all
    .flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${count === 1 ? what : plural(what)}`]))
    .join(", ");
}

function plural(what: string): string {
  return what.endsWith("y") ? `${what.slice(0, -1)}ies` : `${what}s`;
}

function users(usage: Usage): NonNullable<MeshRevisionStatus["users"]> {
  const { tags, namespaces, pods, connections } = usage;
  const blockers = [
    ...tags.map((each) => `MeshRevisionTag "${each}"`),
    ...namespaces.map((each) => `Namespace "${each}"`),
    ...pods.map((each) => `Pod "${each}"`),
  ].slice(0, listedBlockers);
  return {
    tags: tags.length,
    namespaces: namespaces.length,
    pods: pods.length,
    ...(connections === undefined ? {} : { connections }),
    ...(blockers.length === 0 ? {} : { blockers }),
  };
}
