import type { CatalogueEntry } from "../api/catalogue.ts";
import { uninstallFinalizer } from "../api/mesh-install.ts";
import { versionLabel } from "../api/names.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import { certificateAuthoritySecret } from "./certificate-authority.ts";
import { cniMode } from "./cni-mode.ts";
import { hasDrifted } from "./drift.ts";
import { type Installation, installation, type OperatorSettings } from "./installation.ts";
import { type Manifest, objectId, stamped } from "./manifest.ts";
import { type Manifests, manifests } from "./manifests/all.ts";
import { namespace } from "./manifests/namespace.ts";
import { readiness } from "./readiness.ts";
import { daemonSetRollout } from "./rollout.ts";
import type { Plan, Step } from "./step.ts";

/** Decides the next steps of an install or upgrade, in the order node agent, control plane, webhook. */
export function planInstall(observed: Observed, entry: CatalogueEntry, settings: OperatorSettings): Plan {
  const { install, certificateAuthority, kubernetesVersion } = observed;
  const foundation = [...finalizerSteps(observed), ...namespaceSteps(observed)];
  if (certificateAuthority.kind !== "present") {
    const step: Step = { kind: "createCertificateAuthority", manifest: certificateAuthoritySecret(install) };
    return applying([...foundation, step]);
  }
  const { root } = certificateAuthority;
  const cni = cniMode(observed);
  const target = installation({ install, entry, root, kubernetesVersion, cni, settings });
  const wanted = manifests(target);
  const all = [...wanted.nodeAgent, ...wanted.controlPlane, ...wanted.injector];
  const due = [
    ...wanted.nodeAgent,
    ...(isControlPlaneDue(observed, target) ? wanted.controlPlane : []),
    ...(isInjectorDue(observed, wanted) ? wanted.injector : []),
  ];
  const steps = [...foundation, ...applySteps(due, observed.owned), ...pruneSteps(all, observed.owned)];
  return steps.length > 0 ? applying(steps) : readiness(observed);
}

function applying(steps: readonly Step[]): Plan {
  const changed = steps.flatMap((step) => ("manifest" in step ? [objectId(step.manifest)] : []));
  const message = changed.length > 0 ? `applying ${changed.join(", ")}` : "removing what is no longer wanted";
  return { steps, verdict: { kind: "progressing", reason: "Applying", message } };
}

/** The finalizer comes before the first object, so that none is ever left without somebody to remove it. */
function finalizerSteps({ install }: Observed): readonly Step[] {
  return (install.metadata.finalizers ?? []).includes(uninstallFinalizer) ? [] : [{ kind: "holdFinalizer" }];
}

/** Somebody else's namespace is used as it is. */
function namespaceSteps({ install, namespace: state }: Observed): readonly Step[] {
  if (state.kind === "present") return [];
  const { name } = install.metadata;
  return [{ kind: "apply", manifest: stamped(namespace({ name, namespace: install.spec.namespace })) }];
}

/** An upgraded control plane waits for upgraded node agents; a first one need not, since it serves nobody yet. */
function isControlPlaneDue({ owned }: Observed, { version }: Installation): boolean {
  const current = owned.find((object) => object.kind === "Deployment");
  if (current === undefined || current.metadata.labels?.[versionLabel] === version) return true;
  const agent = owned.find((object) => object.kind === "DaemonSet");
  const isCurrent = agent?.metadata.labels?.[versionLabel] === version;
  return agent !== undefined && isCurrent && daemonSetRollout(agent).kind === "complete";
}

/** The webhook is made once its server answers; later it stays, whatever the server does: it fails closed. */
function isInjectorDue({ owned, webhook }: Observed, { injector }: Manifests): boolean {
  return webhook.kind === "answers" || injector.some((manifest) => find(owned, manifest) !== undefined);
}

function applySteps(due: readonly Manifest[], owned: readonly OwnedObject[]): readonly Step[] {
  return due
    .filter((manifest) => {
      const actual = find(owned, manifest);
      return actual === undefined || hasDrifted(manifest, actual);
    })
    .map((manifest) => ({ kind: "apply", manifest }));
}

function pruneSteps(wanted: readonly Manifest[], owned: readonly OwnedObject[]): readonly Step[] {
  const ids = new Set(wanted.map(objectId));
  return owned
    .filter((object) => !ids.has(objectId(object)) && object.metadata.deletionTimestamp === undefined)
    .map((object) => ({ kind: "delete", object }));
}

function find(owned: readonly OwnedObject[], manifest: Manifest): OwnedObject | undefined {
  const id = objectId(manifest);
  return owned.find((object) => objectId(object) === id);
}
