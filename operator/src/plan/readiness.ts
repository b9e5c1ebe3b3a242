import type { Observed, OwnedObject, WebhookState } from "../observe/types.ts";
import { type Manifest, objectId } from "./manifest.ts";
import { daemonSetRollout, deploymentRollout, type Rollout } from "./rollout.ts";
import type { Plan, ProgressReason } from "./step.ts";

/** No object changes when the webhook begins or ceases to answer: ask again. */
const recheckMs = { whileNotReady: 2_000, whileReady: 60_000 } as const;

interface Obstacle {
  readonly reason: ProgressReason;
  readonly message: string;
}

/** Tells, once nothing is left to apply, whether what was applied works. */
export function readiness(observed: Observed, wanted: readonly Manifest[]): Plan {
  const obstacles = [
    ...rolloutObstacles(observed.owned),
    ...webhookObstacles(observed.webhook),
    ...missing(observed.owned, wanted),
  ];
  const [first] = obstacles;
  if (first === undefined) return { steps: [], verdict: { kind: "ready" }, recheckAfterMs: recheckMs.whileReady };
  const message = obstacles.map((obstacle) => obstacle.message).join("; ");
  const verdict = { kind: "progressing", reason: first.reason, message } as const;
  return { steps: [], verdict, recheckAfterMs: recheckMs.whileNotReady };
}

function rolloutObstacles(owned: readonly OwnedObject[]): readonly Obstacle[] {
  return owned.flatMap((object) => {
    if (object.kind === "DaemonSet") return obstacle("NodeAgentNotReady", daemonSetRollout(object));
    if (object.kind === "Deployment") return obstacle("ControlPlaneNotReady", deploymentRollout(object));
    return [];
  });
}

function obstacle(reason: ProgressReason, rollout: Rollout): readonly Obstacle[] {
  return rollout.kind === "complete" ? [] : [{ reason, message: rollout.detail }];
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

/** What is wanted but held back until something before it is ready. */
function missing(owned: readonly OwnedObject[], wanted: readonly Manifest[]): readonly Obstacle[] {
  const ids = new Set(owned.map(objectId));
  return wanted
    .filter((manifest) => !ids.has(objectId(manifest)))
    .map((manifest) => ({ reason: "WebhookNotReady", message: `${objectId(manifest)} waits for what is before it` }));
}
