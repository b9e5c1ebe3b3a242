import { meshConfigKey } from "@meshwright/contract/mesh-config";
import { parseMeshConfig } from "@meshwright/contract/mesh-config-yaml";
import { type CniStage, cniAnnotation, cniStages } from "../api/names.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import type { CniMode } from "./installation.ts";
import { daemonSetRollout } from "./rollout.ts";

/**
 * Decides about CNI mode. A pod that needs the plugin must find it: pods are told to rely on it once every node has it, and
 * it leaves the nodes once no pod relies on it any more. In between, the nodes are ahead of the injector.
 */
export function cniMode(observed: Observed): CniMode {
  const agent = nodeAgentOf(observed.owned);
  return observed.install.spec.cni.enabled ? modeOn(observed, agent) : modeOff(observed, agent);
}

/** Stage of the node agents, as their DaemonSet has it. */
export function cniStageOf(agent: OwnedObject | undefined): CniStage | undefined {
  const stage = agent?.metadata.annotations?.[cniAnnotation];
  return cniStages.find((known) => known === stage);
}

export function nodeAgentOf(owned: readonly OwnedObject[]): OwnedObject | undefined {
  return owned.find(({ kind }) => kind === "DaemonSet");
}

/** A first install serves nobody yet, and may begin with it. */
function modeOn(observed: Observed, agent: OwnedObject | undefined): CniMode {
  const isEverywhere = agent === undefined || (cniStageOf(agent) === "enabled" && isRolledOut(agent));
  return { stage: "enabled", redirect: isEverywhere ? "cni" : publishedRedirect(observed) };
}

function modeOff(observed: Observed, agent: OwnedObject | undefined): CniMode {
  const { pluginUsers } = observed;
  switch (cniStageOf(agent)) {
    case undefined:
      return { redirect: "init" };
    case "enabled": {
      const isFree = publishedRedirect(observed) === "init" && pluginUsers.kind === "listed";
      return { stage: isFree && pluginUsers.pods.length === 0 ? "removing" : "enabled", redirect: "init" };
    }
    case "removing":
      return agent !== undefined && isRolledOut(agent) ? { redirect: "init" } : { stage: "removing", redirect: "init" };
  }
}

function isRolledOut(agent: OwnedObject): boolean {
  return daemonSetRollout(agent).kind === "complete";
}

/** What injectors read now: `cni` when any of them does, for its pods need the plugin. */
function publishedRedirect({ owned }: Observed): CniMode["redirect"] {
  return owned.some((object) => object.kind === "ConfigMap" && redirectIn(object) === "cni") ? "cni" : "init";
}

function redirectIn({ data }: OwnedObject): CniMode["redirect"] {
  const text: unknown = typeof data === "object" && data !== null ? Reflect.get(data, meshConfigKey) : undefined;
  const parsed = typeof text === "string" ? parseMeshConfig(text) : undefined;
  return parsed?.kind === "valid" ? parsed.config.redirect : "init";
}
