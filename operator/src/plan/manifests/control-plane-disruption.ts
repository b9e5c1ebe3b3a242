import { controlPlaneName } from "@meshwright/contract/volume";
import { components } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, managedLabels } from "../manifest.ts";
import { controlPlaneSelector } from "./control-plane.ts";

/** Keeps one replica through drains of nodes. A single replica has no budget: it would block every drain for ever. */
export function controlPlaneDisruptionBudget({ name, revision, namespace, spec }: Installation): readonly Manifest[] {
  if (spec.controlPlane.replicas < 2) return [];
  return [
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: {
        name: controlPlaneName(revision),
        namespace,
        labels: managedLabels(name, components.controlPlane),
      },
      spec: { minAvailable: 1, selector: { matchLabels: controlPlaneSelector(revision) } },
    },
  ];
}
