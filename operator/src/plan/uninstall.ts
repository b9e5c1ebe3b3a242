import { type MeshInstall, uninstallFinalizer } from "../api/mesh-install.ts";
import { componentLabel, components, versionLabel } from "../api/names.ts";
import type { Observed, OwnedObject, Remains } from "../observe/types.ts";
import { certificateAuthoritySecret } from "./certificate-authority.ts";
import { withPluginFolders } from "./cni-folders.ts";
import { cniStageOf, nodeAgentOf } from "./cni-mode.ts";
import { type CniMode, installation, type OperatorSettings } from "./installation.ts";
import { objectId, stamped } from "./manifest.ts";
import { nodeAgentDaemonSet } from "./manifests/node-agent.ts";
import { podList } from "./pod-list.ts";
import type { Problem } from "./problem.ts";
import { isOf } from "./revisions.ts";
import { daemonSetRollout } from "./rollout.ts";
import { noReports, type Plan, type Step } from "./step.ts";
import { resolveVersion } from "./versions/resolve.ts";

/** Pods come and go without a watch of ours: ask again. All pods of the cluster are listed: not too often. */
const recheckMs = { whileRefused: 5_000, whileRemoving: 2_000 } as const;

type Listed = Extract<Remains, { kind: "listed" }>;

/**
 * Decides the next steps of an uninstall: webhook, control plane, then the node agent, which kubelet needs to tear
 * volumes down and which therefore stays as long as a meshed pod does, and with it the CNI plugin.
 */
export function planUninstall(observed: Observed, settings: OperatorSettings): Plan {
  const { install, remains } = observed;
  if (!(install.metadata.finalizers ?? []).includes(uninstallFinalizer)) return uninstalled([], []);
  if (remains.kind === "unasked") return uninstalling([], "listing what is left");
  const { force } = install.spec.uninstall;
  if (remains.meshedPods.length > 0 && !force) return refused(install, remains);

  const injector = ofComponent(observed.owned, components.injector);
  if (injector.length > 0) return removing(injector);
  const controlPlane = ofComponent(observed.owned, components.controlPlane);
  if (controlPlane.length > 0) return removing(controlPlane);

  const revisions = revisionSteps(observed);
  if (revisions.length > 0) return uninstalling(revisions, "removing the revisions");

  const rest = [...observed.owned, ...certificateAuthority(observed)];
  if (remains.meshedPods.length > 0) return uninstalled([{ kind: "releaseFinalizer" }], rest.map(objectId).toSorted());
  const cleaning = removingPlugin(observed, settings);
  if (cleaning !== undefined) return cleaning;
  if (rest.length > 0) return removing(rest);
  if (remains.ownPods.length > 0 && !force) return uninstalling([], `waiting for ${podList(remains.ownPods)} to end`);
  return uninstalled([...namespaceSteps(observed, remains), { kind: "releaseFinalizer" }], []);
}

/** The control planes are gone by now, and so is what the finalizers of their MeshRevisions wait for. */
function revisionSteps({ install, revisions }: Observed): readonly Step[] {
  return revisions.flatMap((revision): readonly Step[] => {
    const isDeleted = revision.metadata.deletionTimestamp !== undefined;
    if (!isDeleted && !isOf(install, revision)) return [];
    return isDeleted ? [{ kind: "releaseRevision", revision }] : [{ kind: "delete", object: { ...revision } }];
  });
}

function ofComponent(owned: readonly OwnedObject[], component: string): readonly OwnedObject[] {
  return owned.filter((object) => object.metadata.labels?.[componentLabel] === component);
}

const takingOut = "taking the CNI plugin out of the nodes";

/**
 * Has the agents take the CNI plugin out of their nodes before they go, which nobody else could. Undefined when that is
 * done, or cannot be done because no image of theirs is known.
 */
function removingPlugin(observed: Observed, settings: OperatorSettings): Plan | undefined {
  const { kubernetesVersion, owned } = observed;
  const install = withPluginFolders(observed.install, owned);
  const agent = nodeAgentOf(owned);
  const entry = resolveVersion(agent?.metadata.labels?.[versionLabel] ?? install.spec.version, settings.catalogue);
  const stage = cniStageOf(agent);
  if (agent === undefined || stage === undefined || entry === undefined) return undefined;
  const rollout = daemonSetRollout(agent);
  if (stage === "removing")
    return rollout.kind === "complete"
      ? undefined
      : uninstalling([], `${takingOut}: ${rollout.detail}; delete a Node that will not come back`);
  const cni: CniMode = { stage: "removing", redirect: "init" };
  // The manifest of the DaemonSet does not hold the root.
  const target = installation({ install, entry, root: "", kubernetesVersion, cni, settings });
  const step: Step = { kind: "apply", manifest: stamped(nodeAgentDaemonSet(target)) };
  return uninstalling([step], takingOut);
}

/** A Secret that a user brought is theirs. */
function certificateAuthority({ install, certificateAuthority: ca }: Observed): readonly OwnedObject[] {
  return ca.kind === "present" && ca.created ? [certificateAuthoritySecret(install)] : [];
}

function removing(objects: readonly OwnedObject[]): Plan {
  const steps = objects
    .filter((object) => object.metadata.deletionTimestamp === undefined)
    .map((object): Step => ({ kind: "delete", object }));
  return uninstalling(steps, `removing ${objects.map(objectId).join(", ")}`);
}

function uninstalling(steps: readonly Step[], message: string): Plan {
  return { steps, verdict: { kind: "uninstalling", message }, ...noReports, recheckAfterMs: recheckMs.whileRemoving };
}

function uninstalled(steps: readonly Step[], kept: readonly string[]): Plan {
  return { steps, verdict: { kind: "uninstalled", kept }, ...noReports };
}

function refused(install: MeshInstall, { meshedPods }: Listed): Plan {
  const problem: Problem = {
    reason: "ProxiesRemain",
    message: `cannot uninstall MeshInstall "${install.metadata.name}": ${podList(meshedPods)} would lose the mesh: delete or restart them without sidecar, or set spec.uninstall.force to true`,
  };
  return {
    steps: [],
    verdict: { kind: "uninstallRefused", problem },
    ...noReports,
    recheckAfterMs: recheckMs.whileRefused,
  };
}

/** The namespace goes when we made it and nobody else has put anything in it. */
function namespaceSteps({ install, namespace }: Observed, { foreign }: Listed): readonly Step[] {
  if (namespace.kind !== "present" || !namespace.created || namespace.terminating) return [];
  const hasCredentials = (install.spec.images.pullSecrets ?? []).length > 0;
  if (foreign.length > 0 || hasCredentials) return [];
  const metadata = { name: install.spec.namespace };
  return [{ kind: "delete", object: { apiVersion: "v1", kind: "Namespace", metadata } }];
}
