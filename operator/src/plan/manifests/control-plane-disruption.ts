import { controlPlaneName } from "@meshwright/contract/volume";
import { components } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, revisionLabels } from "../manifest.ts";
import { controlPlaneSelector } from "./control-plane.ts";
import { leastReplicas } from "./control-plane-autoscaler.ts";

/** Keeps one replica through drains of nodes. A single replica has no budget: it would block every drain for ever. */
export function controlPlaneDisruptionBudget(installation: Installation): readonly Manifest[] {
  const { revision, namespace } = installation;
  if (leastReplicas(installation) < 2) return [];
  return [
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: {
        name: controlPlaneName(revision),
        namespace,
        labels: revisionLabels(installation, components.controlPlane),
      },
      spec: { minAvailable: 1, selector: { matchLabels: controlPlaneSelector(revision) } },
    },
  ];
}
