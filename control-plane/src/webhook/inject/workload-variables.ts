import { create, toBinary } from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import { peerFields, workloadVariables } from "@meshwright/contract/sidecar-metrics";
import { clusterId, type WorkloadLabels } from "@meshwright/contract/workload-labels";

/**
 * What a sidecar is told of its own workload, by variable: the labels of its end in metrics (lib/contract,
 * sidecar-metrics.ts). They hold for as long as the pod lives.
 */
export function workloadEnvironment(labels: WorkloadLabels): Readonly<Record<string, string>> {
  return {
    [workloadVariables.workload]: labels.workload,
    [workloadVariables.app]: labels.app,
    [workloadVariables.version]: labels.version,
    [workloadVariables.canonicalService]: labels.canonicalService,
    [workloadVariables.canonicalRevision]: labels.canonicalRevision,
    [workloadVariables.cluster]: clusterId,
    [workloadVariables.peer]: introduction(labels),
  };
}

/** The value of `peerHeader`. */
function introduction({ workload, app, version, canonicalService, canonicalRevision }: WorkloadLabels): string {
  const fields = {
    [peerFields.workload]: text(workload),
    [peerFields.app]: text(app),
    [peerFields.version]: text(version),
    [peerFields.canonicalService]: text(canonicalService),
    [peerFields.canonicalRevision]: text(canonicalRevision),
    [peerFields.cluster]: text(clusterId),
  };
  const message = create(ValueSchema, { kind: { case: "structValue", value: { fields } } });
  return Buffer.from(toBinary(ValueSchema, message)).toString("base64");
}

function text(value: string): Value {
  return create(ValueSchema, { kind: { case: "stringValue", value } });
}
