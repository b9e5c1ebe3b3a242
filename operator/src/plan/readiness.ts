import { ignoreAnnotation } from "../api/names.ts";
import type { Observed, OwnedObject, WebhookState } from "../observe/types.ts";
import { objectId } from "./manifest.ts";
import { isIgnored, ofRevision } from "./owned.ts";
import { podList } from "./pod-list.ts";
import { daemonSetRollout, deploymentRollout, type Rollout } from "./rollout.ts";
import type { Obstacle, Plan, ProgressReason, Verdict } from "./step.ts";

/** No object changes when the webhook begins or ceases to answer: ask again. */
const recheckMs = { whileNotReady: 2_000, whileReady: 60_000, whilePluginIsUsed: 10_000 } as const;

/** Tells, once nothing is left to apply, whether the node agent and the revision that is asked for work. */
export function installReadiness(
  observed: Observed,
  revision: string,
): Pick<Plan, "steps" | "verdict" | "recheckAfterMs"> {
  const obstacles = [
    ...rolloutObstacles("DaemonSet", "NodeAgentNotReady", daemonSetRollout, observed.owned),
    ...revisionObstacles(revision, observed),
  ];
  const [first] = obstacles;
  if (first === undefined) return ready(observed);
  const message = obstacles.map((obstacle) => obstacle.message).join("; ");
  const verdict = { kind: "progressing", reason: first.reason, message } as const;
  return { steps: [], verdict, recheckAfterMs: recheckMs.whileNotReady };
}

/** What keeps a revision from serving proxies and injecting pods. */
export function revisionObstacles(revision: string, { owned, webhooks }: Observed): readonly Obstacle[] {
  const own = ofRevision(owned, revision);
  const deployments = rolloutObstacles("Deployment", "ControlPlaneNotReady", deploymentRollout, own);
  const isMissing = !own.some(({ kind }) => kind === "Deployment");
  const missing: Obstacle = { reason: "ControlPlaneNotReady", message: "its control plane waits for the node agent" };
  return [...(isMissing ? [missing] : deployments), ...webhookObstacles(webhooks.get(revision) ?? { kind: "unasked" })];
}

/** Whether a revision is known to inject: all of its control plane is up to date, and its webhook answers. */
export function isProven(revision: string, observed: Observed): boolean {
  return revisionObstacles(revision, observed).length === 0;
}

/** Pods come and go without a watch of ours. */
function ready({ pluginUsers, owned }: Observed): Pick<Plan, "steps" | "verdict" | "recheckAfterMs"> {
  const ignored = owned.filter(isIgnored).map(objectId).toSorted();
  const notes = ignored.length === 0 ? [] : [`left alone, as ${ignoreAnnotation} says: ${ignored.join(", ")}`];
  if (pluginUsers.kind === "unasked" || pluginUsers.pods.length === 0)
    return { steps: [], verdict: readyWith(notes), recheckAfterMs: recheckMs.whileReady };
  const plugin = `the CNI plugin stays on the nodes for ${podList(pluginUsers.pods)}, created before spec.cni.enabled was false: create them anew`;
  return { steps: [], verdict: readyWith([...notes, plugin]), recheckAfterMs: recheckMs.whilePluginIsUsed };
}

function readyWith(notes: readonly string[]): Verdict {
  return notes.length === 0 ? { kind: "ready" } : { kind: "ready", note: notes.join("; ") };
}

function rolloutObstacles(
  kind: string,
  reason: ProgressReason,
  rolloutOf: (object: OwnedObject) => Rollout,
  owned: readonly OwnedObject[],
): readonly Obstacle[] {
  return owned
    .filter((object) => object.kind === kind)
    .map(rolloutOf)
    .flatMap((rollout) => (rollout.kind === "complete" ? [] : [{ reason, message: rollout.detail }]));
}

function webhookObstacles(webhook: WebhookState): readonly Obstacle[] {
  switch (webhook.kind) {
    case "answers":
      return [];
    case "unasked":
      return [{ reason: "WebhookNotReady", message: "the injection webhook waits for a replica of the control plane" }];
    case "fails":
      return [{ reason: "WebhookNotReady", message: `the injection webhook does not answer: ${webhook.detail}` }];
  }
}
