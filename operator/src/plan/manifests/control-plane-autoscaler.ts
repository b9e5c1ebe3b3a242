import { controlPlaneName } from "@meshwright/contract/volume";
import { components } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, revisionLabels } from "../manifest.ts";

/** Scales a revision by the CPU that it uses, where its settings say so. */
export function controlPlaneAutoscaler(installation: Installation): readonly Manifest[] {
  const { revision, namespace, spec } = installation;
  const { autoscaling } = spec.controlPlane;
  if (autoscaling === undefined) return [];
  const { minReplicas, maxReplicas, targetCPUUtilizationPercentage: averageUtilization } = autoscaling;
  const name = controlPlaneName(revision);
  return [
    {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name, namespace, labels: revisionLabels(installation, components.controlPlane) },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas,
        maxReplicas,
        metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization } } }],
      },
    },
  ];
}

/** Replicas that a revision has at least. */
export function leastReplicas({ spec }: Installation): number {
  return spec.controlPlane.autoscaling?.minReplicas ?? spec.controlPlane.replicas;
}
