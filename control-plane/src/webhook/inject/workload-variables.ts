import { introductionFields, joinFields, workloadVariables } from "@meshwright/contract/sidecar-metrics";
import { clusterId, type WorkloadLabels } from "@meshwright/contract/workload-labels";

/**
 * What a sidecar is told of its own workload, by variable: the labels of its end in metrics (lib/contract,
 * sidecar-metrics.ts). They hold for as long as the pod lives.
 */
export function workloadEnvironment(labels: WorkloadLabels): Readonly<Record<string, string>> {
  const { workload, app, version, canonicalService, canonicalRevision } = labels;
  return {
    [workloadVariables.workload]: workload,
    [workloadVariables.app]: app,
    [workloadVariables.version]: version,
    [workloadVariables.canonicalService]: canonicalService,
    [workloadVariables.canonicalRevision]: canonicalRevision,
    [workloadVariables.cluster]: clusterId,
    [workloadVariables.introduction]: joinFields(introductionFields, {
      workload,
      app,
      version,
      canonical_service: canonicalService,
      canonical_revision: canonicalRevision,
      cluster: clusterId,
    }),
  };
}
