import type { Observed, OwnedObject, WebhookState } from "../observe/types.ts";
import { podList } from "./pod-list.ts";
import { daemonSetRollout, deploymentRollout, type Rollout } from "./rollout.ts";
import type { Plan, ProgressReason } from "./step.ts";

/** No object changes when the webhook begins or ceases to answer: ask again. */
const recheckMs = { whileNotReady: 2_000, whileReady: 60_000, whilePluginIsUsed: 10_000 } as const;

interface Obstacle {
  readonly reason: ProgressReason;
  readonly message: string;
}

/** Tells, once nothing is left to apply, whether what was applied works. */
export function readiness(observed: Observed): Plan {
  const obstacles = [
    ...rolloutObstacles("DaemonSet", "NodeAgentNotReady", daemonSetRollout, observed.owned),
    ...rolloutObstacles("Deployment", "ControlPlaneNotReady", deploymentRollout, observed.owned),
    ...webhookObstacles(observed.webhook),
  ];
  const [first] = obstacles;
  if (first === undefined) return ready(observed);
  const message = obstacles.map((obstacle) => obstacle.message).join("; ");
  const verdict = { kind: "progressing", reason: first.reason, message } as const;
  return { steps: [], verdict, recheckAfterMs: recheckMs.whileNotReady };
}

/** Pods come and go without a watch of ours. */
function ready({ pluginUsers }: Observed): Plan {
  if (pluginUsers.kind === "unasked" || pluginUsers.pods.length === 0)
    return { steps: [], verdict: { kind: "ready" }, recheckAfterMs: recheckMs.whileReady };
  const note = `the CNI plugin stays on the nodes for ${podList(pluginUsers.pods)}, created before spec.cni.enabled was false: create them anew`;
  return { steps: [], verdict: { kind: "ready", note }, recheckAfterMs: recheckMs.whilePluginIsUsed };
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
