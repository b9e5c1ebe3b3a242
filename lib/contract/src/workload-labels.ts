import { labels } from "./labels.ts";
import { type NamedPod, workloadName } from "./workload-name.ts";

/** What metrics call a workload beside its namespace, in Istio's terms. */
export interface WorkloadLabels {
  readonly workload: string;
  /** Label `app`. */
  readonly app: string;
  /** Label `version`. */
  readonly version: string;
  readonly canonicalService: string;
  readonly canonicalRevision: string;
}

/** Value of every label of which nothing is known. */
export const unknownValue = "unknown";

/** The cluster of every workload: Istio's name for a cluster that has none. */
export const clusterId = "Kubernetes";

/** Longest value of a Kubernetes label. */
const maxLabelLength = 63;

/** Reads what metrics call a pod's workload. Source: https://istio.io/latest/docs/ops/configuration/mesh/canonical-service/ */
export function workloadLabels(pod: NamedPod): WorkloadLabels {
  const set = pod.labels ?? {};
  return {
    workload: workloadName(pod),
    app: set["app"] || unknownValue,
    version: set["version"] || unknownValue,
    canonicalService: canonicalName(pod),
    canonicalRevision: canonicalRevision(pod),
  };
}

/** Name under which metrics and dashboards show the workload: its labels', else its Deployment's, else its own. */
export function canonicalName(pod: NamedPod): string {
  const set = pod.labels ?? {};
  return labelValue(set[labels.canonicalName] ?? set["app.kubernetes.io/name"] ?? set["app"] ?? workloadName(pod));
}

export function canonicalRevision({ labels: set = {} }: NamedPod): string {
  return labelValue(set[labels.canonicalRevision] ?? set["app.kubernetes.io/version"] ?? set["version"] ?? "latest");
}

/** A label's value ends in a letter or digit, wherever a longer name was cut. */
function labelValue(name: string): string {
  return name.slice(0, maxLabelLength).replace(/[^A-Za-z0-9]+$/, "");
}
