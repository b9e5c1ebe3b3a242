import { type ProblemReason, problemMeanings } from "../plan/problem.ts";
import { type ProgressReason, progressMeanings } from "../plan/step.ts";

/** Why a condition has its status. */
export type Reason =
  | ProblemReason
  | ProgressReason
  | "Ready"
  | "Applied"
  | "Healthy"
  | "Idle"
  | "NotStalled"
  | "ApplyFailed"
  | "Retrying"
  | "Uninstalling"
  | "Uninstalled";

/** What each reason tells a user; the reference shows it. */
export const reasonMeanings: Readonly<Record<Reason, string>> = {
  Ready: "Control plane, node agent and injection webhook work.",
  Applied: "Every object is as wanted.",
  Healthy: "What the mesh needs from the cluster is there.",
  Idle: "Nothing is being changed.",
  NotStalled: "Nothing waits for a user.",
  ...progressMeanings,
  ApplyFailed: "The API server refused a change, or did not answer. It is tried again; the message is its error.",
  Retrying: "A change that failed is tried again.",
  Uninstalling: "Deletion was asked for, and objects are being removed.",
  Uninstalled: "Nothing is left, but for what still running meshed pods need after a forced uninstall.",
  ...problemMeanings,
};
