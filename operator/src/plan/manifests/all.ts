import { controlPlaneName } from "@meshwright/contract/volume";
import { components, names } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, managedLabels, revisionLabels, stamped } from "../manifest.ts";
import { controlPlaneDeployment } from "./control-plane.ts";
import { controlPlaneAccess } from "./control-plane-access.ts";
import { controlPlaneAutoscaler } from "./control-plane-autoscaler.ts";
import { controlPlaneDisruptionBudget } from "./control-plane-disruption.ts";
import { controlPlaneService } from "./control-plane-service.ts";
import { csiDriver } from "./csi-driver.ts";
import { revisionWebhook } from "./injector.ts";
import { meshConfigMap } from "./mesh-config.ts";
import { nodeAgentDaemonSet } from "./node-agent.ts";
import { rootCertificateConfigMap } from "./root-certificate.ts";
import { serviceAccount } from "./service-account.ts";

/** The node agent, one for all revisions. First of all: it is never older than a control plane. */
export function nodeAgentManifests(installation: Installation): readonly Manifest[] {
  return [
    rootCertificateConfigMap(installation),
    serviceAccount(installation, names.nodeAgent, managedLabels(installation.name, components.nodeAgent)),
    csiDriver(installation),
    nodeAgentDaemonSet(installation),
  ].map(stamped);
}

/** Manifests of a revision, in the order in which they are applied. */
export interface RevisionManifests {
  readonly controlPlane: readonly Manifest[];
  /** Last: a webhook without a server that answers blocks the creation of pods. */
  readonly injector: readonly Manifest[];
}

/** Everything that a revision consists of. */
export function revisionManifests(installation: Installation): RevisionManifests {
  const own = revisionLabels(installation, components.controlPlane);
  return {
    controlPlane: [
      meshConfigMap(installation),
      serviceAccount(installation, controlPlaneName(installation.revision), own),
      ...controlPlaneAccess(installation),
      controlPlaneService(installation),
      controlPlaneDeployment(installation),
      ...controlPlaneAutoscaler(installation),
      ...controlPlaneDisruptionBudget(installation),
    ].map(stamped),
    injector: [revisionWebhook(installation)].map(stamped),
  };
}
