import { labels } from "@meshwright/contract/labels";
import { lt, valid } from "semver";
import type { MeshRevision } from "../api/mesh-revision.ts";
import { componentLabel, ignoreAnnotation, versionLabel } from "../api/names.ts";
import type { Observed, OwnedObject, PodTrouble, WebhookState } from "../observe/types.ts";
import { nodeAgentOf } from "./cni-mode.ts";
import { objectId } from "./manifest.ts";
import { isIgnored, ofRevision } from "./owned.ts";
import { podList } from "./pod-list.ts";
import { daemonSetRollout, deploymentRollout, type Rollout } from "./rollout.ts";
import type { Dependency, Injection, Obstacle, Plan, ProgressReason, Verdict } from "./step.ts";

/** No object changes when the webhook begins or ceases to answer, or when what is not watched does: ask again. */
export const recheckMs = {
  whileNotReady: 2_000,
  whileReady: 60_000,
  whilePluginIsUsed: 10_000,
  whileBlocked: 10_000,
} as const;

/** Tells, once nothing is left to apply, whether the node agent and the revision that is asked for work. */
export function installReadiness(
  observed: Observed,
  revision: string,
): Pick<Plan, "steps" | "verdict" | "recheckAfterMs"> {
  const obstacles = [...rolloutObstacles(observed.owned, observed, agents), ...revisionObstacles(revision, observed)];
  const [first] = obstacles;
  if (first === undefined) return ready(observed);
  const message = obstacles.map((obstacle) => obstacle.message).join("; ");
  const verdict = { kind: "progressing", reason: first.reason, message } as const;
  return { steps: [], verdict, recheckAfterMs: recheckMs.whileNotReady };
}

/** What keeps a revision from serving proxies and injecting pods. */
export function revisionObstacles(revision: string, observed: Observed): readonly Obstacle[] {
  const { owned, webhooks } = observed;
  const own = ofRevision(owned, revision);
  const deployments = rolloutObstacles(own, observed, controlPlanes);
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

/** What pods of a kind of workload do, and what it is called when they do not. */
interface Workload {
  readonly kind: string;
  readonly reason: ProgressReason;
  readonly rolloutOf: (object: OwnedObject) => Rollout;
}

const agents: Workload = { kind: "DaemonSet", reason: "NodeAgentNotReady", rolloutOf: daemonSetRollout };
const controlPlanes: Workload = { kind: "Deployment", reason: "ControlPlaneNotReady", rolloutOf: deploymentRollout };

function rolloutObstacles(
  owned: readonly OwnedObject[],
  { podTroubles, revisions }: Pick<Observed, "podTroubles" | "revisions">,
  { kind, reason, rolloutOf }: Workload,
): readonly Obstacle[] {
  return owned
    .filter((object) => object.kind === kind)
    .flatMap((object) => {
      const rollout = rolloutOf(object);
      if (rollout.kind === "complete" || (rollout.kind === "ending" && wasReady(object, revisions))) return [];
      return [{ reason, message: [rollout.detail, ...troublesOf(object, podTroubles)].join(": ") }];
    });
}

/**
 * Whether the revision of an object was ready: one that is not becomes so when the last old replica, which still answers the
 * webhook, has ended; one that is does not cease to be so because a replica ends, as when an autoscaler takes it away.
 */
function wasReady({ metadata }: OwnedObject, revisions: readonly MeshRevision[]): boolean {
  const revision = revisions.find((each) => each.metadata.name === metadata.labels?.[labels.revision]);
  return revision?.status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
}

/** What its pods say, each once. */
function troublesOf(
  { metadata: { labels: own = {} } }: OwnedObject,
  troubles: readonly PodTrouble[],
): readonly string[] {
  const theirs = troubles.filter(
    ({ component, revision }) => component === own[componentLabel] && revision === own[labels.revision],
  );
  const details = [...new Set(theirs.map(({ detail }) => detail))].toSorted();
  return details.length === 0 ? [] : [details.join(", and ")];
}

/** The node agent, which a revision's pods get their identity from: it must run on every node, and be no older than the revision. */
export function dependencyOf(version: string, observed: Observed): Dependency {
  const agent = nodeAgentOf(observed.owned);
  if (agent === undefined)
    return { kind: "unhealthy", reason: "NodeAgentNotReady", message: "there is no node agent yet" };
  const agentVersion = agent.metadata.labels?.[versionLabel] ?? "";
  if (valid(agentVersion) === null || lt(agentVersion, version)) {
    const message = `the node agent is ${agentVersion || "of no version"}, older than the revision's ${version}`;
    return { kind: "unhealthy", reason: "NodeAgentBehind", message };
  }
  const [obstacle] = rolloutObstacles([agent], observed, agents);
  if (obstacle === undefined) return { kind: "healthy" };
  return { kind: "unhealthy", reason: "NodeAgentNotReady", message: obstacle.message };
}

/** Whether pods can get a revision's sidecar: its webhook is there, and its server answers. */
export function injectionOf(revision: string, { owned, webhooks }: Pick<Observed, "owned" | "webhooks">): Injection {
  const isThere = ofRevision(owned, revision).some(({ kind }) => kind === "MutatingWebhookConfiguration");
  if (!isThere) return { kind: "none" };
  const webhook = webhooks.get(revision) ?? { kind: "unasked" };
  if (webhook.kind === "answers") return webhook;
  return {
    kind: "silent",
    detail: webhook.kind === "fails" ? webhook.detail : "no replica of its control plane is ready",
  };
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
