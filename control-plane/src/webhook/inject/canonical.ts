import { labels } from "@meshwright/contract/labels";
import type { Pod, PodMetadata } from "./pod.ts";

/** Longest value of a Kubernetes label. */
const maxLabelLength = 63;

/** Name under which metrics and dashboards show the workload: its labels', else its Deployment's, else its own. */
export function canonicalName(pod: Pod): string {
  const set = pod.metadata.labels ?? {};
  const name = set[labels.canonicalName] ?? set["app.kubernetes.io/name"] ?? set["app"] ?? workloadName(pod.metadata);
  return labelValue(name);
}

export function canonicalRevision(pod: Pod): string {
  const set = pod.metadata.labels ?? {};
  return labelValue(set[labels.canonicalRevision] ?? set["app.kubernetes.io/version"] ?? set["version"] ?? "latest");
}

function workloadName(metadata: PodMetadata): string {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return metadata.name || (metadata.generateName ?? "");
  const hash = metadata.labels?.["pod-template-hash"];
  // a Deployment's ReplicaSet is named <deployment>-<pod template hash>
  return owner.kind === "ReplicaSet" && hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? owner.name.slice(0, -hash.length - 1)
    : owner.name;
}

/** A label's value ends in a letter or digit, wherever a longer name was cut. */
function labelValue(name: string): string {
  return name.slice(0, maxLabelLength).replace(/[^A-Za-z0-9]+$/, "");
}
