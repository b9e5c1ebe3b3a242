import { controlPlaneName } from "@meshwright/contract/volume";
import { components, names } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, stamped } from "../manifest.ts";
import { controlPlaneDeployment } from "./control-plane.ts";
import { controlPlaneAccess } from "./control-plane-access.ts";
import { controlPlaneDisruptionBudget } from "./control-plane-disruption.ts";
import { controlPlaneService } from "./control-plane-service.ts";
import { csiDriver } from "./csi-driver.ts";
import { injectorWebhook } from "./injector.ts";
import { meshConfigMap } from "./mesh-config.ts";
import { nodeAgentDaemonSet } from "./node-agent.ts";
import { rootCertificateConfigMap } from "./root-certificate.ts";
import { serviceAccount } from "./service-account.ts";

/** Manifests of an installation, in the order in which they are applied. */
export interface Manifests {
  /** First: it serves the sidecars of every revision, and so is never older than a control plane. */
  readonly nodeAgent: readonly Manifest[];
  readonly controlPlane: readonly Manifest[];
  /** Last: a webhook without a server that answers blocks the creation of pods. */
  readonly injector: readonly Manifest[];
}

/** Everything that an installation consists of, besides its namespace and its certificate authority. */
export function manifests(installation: Installation): Manifests {
  return {
    nodeAgent: [
      rootCertificateConfigMap(installation),
      serviceAccount(installation, names.nodeAgent, components.nodeAgent),
      csiDriver(installation),
      nodeAgentDaemonSet(installation),
    ].map(stamped),
    controlPlane: [
      meshConfigMap(installation),
      serviceAccount(installation, controlPlaneName(installation.revision), components.controlPlane),
      ...controlPlaneAccess(installation),
      controlPlaneService(installation),
      controlPlaneDeployment(installation),
      ...controlPlaneDisruptionBudget(installation),
    ].map(stamped),
    injector: [injectorWebhook(installation)].map(stamped),
  };
}
