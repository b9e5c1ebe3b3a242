import type { OwnedObject } from "../observe/types.ts";
import { objectId } from "./manifest.ts";

/** How far a Deployment or DaemonSet is. */
export type Rollout =
  | { readonly kind: "complete" }
  /** Every replica is updated and available, and others, which may be old ones, have not ended yet. */
  | { readonly kind: "ending"; readonly detail: string }
  | { readonly kind: "incomplete"; readonly detail: string };

/**
 * Tells whether every replica runs the latest template, is available, and no older one is left.
 * The counts in a status mean nothing until its controller has seen the latest generation.
 */
export function deploymentRollout(deployment: OwnedObject): Rollout {
  const wanted = numberAt(deployment, "spec", "replicas");
  const status = (field: string): number => numberAt(deployment, "status", field);
  const failure = failureOf(deployment);
  if (!isGenerationObserved(deployment)) return unobserved(deployment);
  if (failure !== undefined) return incomplete(deployment, failure);
  if (status("updatedReplicas") < wanted) return progress(deployment, status("updatedReplicas"), wanted, "updated");
  if (status("replicas") > status("updatedReplicas")) {
    return incomplete(deployment, `${status("replicas") - status("updatedReplicas")} old replicas still run`);
  }
  if (status("availableReplicas") < wanted)
    return progress(deployment, status("availableReplicas"), wanted, "available");
  // Kubernetes counts them since 1.35.
  const ending = status("terminatingReplicas");
  if (ending > 0) return { kind: "ending", detail: `${objectId(deployment)}: ${ending} replicas are still ending` };
  return { kind: "complete" };
}

/** As deploymentRollout, for the pods of all nodes that want one. */
export function daemonSetRollout(daemonSet: OwnedObject): Rollout {
  const status = (field: string): number => numberAt(daemonSet, "status", field);
  const wanted = status("desiredNumberScheduled");
  if (!isGenerationObserved(daemonSet)) return unobserved(daemonSet);
  if (status("updatedNumberScheduled") < wanted) {
    return progress(daemonSet, status("updatedNumberScheduled"), wanted, "updated");
  }
  if (status("numberAvailable") < wanted) return progress(daemonSet, status("numberAvailable"), wanted, "available");
  return { kind: "complete" };
}

/** Whether at least one replica, of whichever template, is available. */
export function isServing(deployment: OwnedObject | undefined): boolean {
  return deployment !== undefined && numberAt(deployment, "status", "availableReplicas") > 0;
}

function isGenerationObserved(object: OwnedObject): boolean {
  return numberAt(object, "status", "observedGeneration") >= (object.metadata.generation ?? Number.POSITIVE_INFINITY);
}

function unobserved(object: OwnedObject): Rollout {
  return incomplete(object, "its controller has not seen the latest change yet");
}

function progress(object: OwnedObject, have: number, wanted: number, what: string): Rollout {
  return incomplete(object, `${have} of ${wanted} replicas are ${what}`);
}

function incomplete(object: OwnedObject, detail: string): Rollout {
  return { kind: "incomplete", detail: `${objectId(object)}: ${detail}` };
}

/** Message of the condition by which a Deployment says that it cannot make pods, as when a quota refuses them. */
function failureOf(deployment: OwnedObject): string | undefined {
  const conditions = fieldOf(deployment["status"], "conditions");
  if (!Array.isArray(conditions)) return undefined;
  const failure: unknown = conditions.find(
    (condition) => fieldOf(condition, "type") === "ReplicaFailure" && fieldOf(condition, "status") === "True",
  );
  const message = fieldOf(failure, "message");
  return typeof message === "string" ? message : undefined;
}

function numberAt(object: OwnedObject, part: "spec" | "status", field: string): number {
  const value = fieldOf(object[part], field);
  return typeof value === "number" ? value : 0;
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
}
