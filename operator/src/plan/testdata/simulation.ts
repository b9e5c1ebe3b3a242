import { labels } from "@meshwright/contract/labels";
import type { MeshInstall } from "../../api/mesh-install.ts";
import type { MeshRevision, MeshRevisionTag } from "../../api/mesh-revision.ts";
import type { Observed, OwnedObject } from "../../observe/types.ts";
import { revisionStatus } from "../../status/revision-status.ts";
import { status } from "../../status/status.ts";
import { objectId } from "../manifest.ts";
import { ofRevision } from "../owned.ts";
import { plan } from "../plan.ts";
import { deploymentRollout } from "../rollout.ts";
import type { Plan, Step } from "../step.ts";
import { lifecycle } from "./lifecycle.ts";
import { asStored, empty, meshInstall } from "./observed.ts";

/** How many objects of a kind run, as its controller tells. */
const done = {
  Deployment: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
  DaemonSet: { observedGeneration: 1, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 },
} as const;

/** Something begun: the old pods serve on, if there are any. */
const begun = {
  Deployment: { observedGeneration: 1, replicas: 2, updatedReplicas: 0, availableReplicas: 0 },
  DaemonSet: { observedGeneration: 1, desiredNumberScheduled: 1, updatedNumberScheduled: 0, numberAvailable: 0 },
} as const;

/**
 * A cluster in memory: an API server that stores what the plan says, controllers that take their time, and users. What a plan
 * decides is carried out by `work`, all of it or only the first steps, as when the operator is killed.
 */
export class Simulation {
  install: MeshInstall;
  revisions: readonly MeshRevision[] = [];
  tags: readonly MeshRevisionTag[] = [];
  owned: readonly OwnedObject[] = [];
  /** What each namespace's label names. */
  readonly namespaces = new Map<string, string>();
  /** Revision that injected the pods of each namespace. */
  readonly injectedBy = new Map<string, string>();
  #nowMs = Date.parse("2030-01-02T00:00:00Z");

  constructor(version: string, strategy: "InPlace" | "RevisionBased") {
    this.install = meshInstall({ spec: { version, updateStrategy: { type: strategy } } });
  }

  observed(): Observed {
    const { install, revisions, tags, owned } = this;
    const serving = revisions.filter(({ metadata }) => this.#answers(metadata.name));
    return {
      ...empty(install),
      revisions,
      tags,
      owned,
      webhooks: new Map(serving.map(({ metadata }) => [metadata.name, { kind: "answers" }])),
      references: { namespaces: grouped(this.namespaces), pods: grouped(this.injectedBy) },
      fleets: new Map(),
      now: new Date(this.#nowMs),
    };
  }

  /** Asks for something else, as a user does. */
  ask(spec: object): void {
    this.install = meshInstall({ spec: { ...this.install.stated, ...spec }, status: this.install.status });
  }

  /** Creates or changes the one tag. */
  tag(tag: MeshRevisionTag): void {
    this.tags = [tag];
  }

  /** Decides, carries out so many steps, and writes what is true when all were. Returns the plan. */
  work(most = Number.POSITIVE_INFINITY): Plan {
    const observed = this.observed();
    const next = plan(observed, lifecycle);
    for (const step of next.steps.slice(0, most)) this.#carryOut(step);
    if (most < next.steps.length) return next;
    this.install = { ...this.install, status: status(observed, next, { kind: "applied" }, observed.now) };
    for (const report of next.revisions) {
      const { name } = report.revision.metadata;
      const written = revisionStatus(report, observed.now);
      this.revisions = this.revisions.map((each) =>
        each.metadata.name === name ? { ...each, status: written } : each,
      );
    }
    return next;
  }

  /** Lets time pass: controllers finish what was begun. */
  pass(seconds: number): void {
    this.#nowMs += seconds * 1_000;
    this.owned = this.owned.map((each) => withStatus(each, done));
  }

  /** Creates the pods of a namespace anew; they are injected by whatever webhook its label selects. */
  restart(namespace: string): void {
    const revision = this.injectorOf(this.namespaces.get(namespace) ?? "");
    if (revision !== undefined) this.injectedBy.set(namespace, revision);
  }

  /** The revision whose webhook is called for a name, if it would answer. */
  injectorOf(name: string): string | undefined {
    const webhook = this.owned.find(({ kind, metadata }) => {
      const { [labels.tag]: tag, [labels.revision]: revision } = metadata.labels ?? {};
      return kind === "MutatingWebhookConfiguration" && (tag ?? revision) === name;
    });
    const revision = webhook?.metadata.labels?.[labels.revision];
    return revision !== undefined && this.#answers(revision) ? revision : undefined;
  }

  /** Everything that is there, in a form that compares. */
  state(): readonly string[] {
    const objects = this.owned.map(
      (each) => `${objectId(each)} ${each.metadata.annotations?.["meshwright.dev/applied"]}`,
    );
    return [...objects, ...this.revisions.map(({ metadata, spec }) => `${metadata.name} ${spec.version}`)].toSorted();
  }

  #answers(revision: string): boolean {
    const deployment = ofRevision(this.owned, revision).find(({ kind }) => kind === "Deployment");
    return (
      deployment !== undefined && (deployment["serves"] === true || deploymentRollout(deployment).kind === "complete")
    );
  }

  #carryOut(step: Step): void {
    if (step.kind === "apply" && step.manifest.kind === "MeshRevision") return this.#applyRevision(step.manifest);
    if (step.kind === "apply") return this.#apply(asStored(step.manifest));
    if (step.kind === "releaseRevision") {
      const { name } = step.revision.metadata;
      this.revisions = this.revisions.filter(({ metadata }) => metadata.name !== name);
    }
    if (step.kind !== "delete") return;
    const id = objectId(step.object);
    this.owned = this.owned.filter((each) => objectId(each) !== id);
    if (step.object.kind === "MeshRevision") this.#markDeleted(step.object.metadata.name);
  }

  #applyRevision(manifest: Extract<Step, { kind: "apply" }>["manifest"]): void {
    const { name } = manifest.metadata;
    const before = this.revisions.find(({ metadata }) => metadata.name === name);
    const created = {
      uid: `uid-of-${name}`,
      generation: 1,
      resourceVersion: "1",
      creationTimestamp: "2030-01-01T00:00:00Z",
    };
    const metadata = { ...created, ...before?.metadata, ...manifest.metadata };
    // The API server would refuse any other spec: the plan makes it of a schema's values.
    const spec = manifest["spec"] as MeshRevision["spec"];
    const after: MeshRevision = { ...manifest, metadata, spec, ...(before?.status && { status: before.status }) };
    this.revisions = [...this.revisions.filter((each) => each !== before), after].toSorted((a, b) =>
      a.metadata.name < b.metadata.name ? -1 : 1,
    );
  }

  /** A rollout begins where the template changed; replicas that served serve on, for none goes before a new one is ready. */
  #apply(object: OwnedObject): void {
    const id = objectId(object);
    const before = this.owned.find((each) => objectId(each) === id);
    const serves = before !== undefined && (before["serves"] === true || isDone(before));
    const after =
      JSON.stringify(before?.["spec"]) === JSON.stringify(object["spec"])
        ? { ...object, status: before?.["status"] }
        : withStatus(object, begun);
    this.owned = [
      ...this.owned.filter((each) => each !== before),
      object.kind === "Deployment" ? { ...after, serves } : after,
    ];
  }

  #markDeleted(name: string): void {
    const deletionTimestamp = new Date(this.#nowMs).toISOString();
    this.revisions = this.revisions.map((each) =>
      each.metadata.name === name ? { ...each, metadata: { ...each.metadata, deletionTimestamp } } : each,
    );
  }
}

function isDone(deployment: OwnedObject): boolean {
  return deployment.kind === "Deployment" && deploymentRollout(deployment).kind === "complete";
}

function withStatus(object: OwnedObject, counts: Readonly<Record<"Deployment" | "DaemonSet", object>>): OwnedObject {
  if (object.kind !== "Deployment" && object.kind !== "DaemonSet") return object;
  return { ...object, status: counts[object.kind] };
}

/** Keys by what they stand for. */
function grouped(map: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(map, ([, name]) => name);
  return new Map([...groups].map(([name, pairs]) => [name, pairs.map(([key]) => key).toSorted()] as const));
}
