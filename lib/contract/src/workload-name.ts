/** What of a pod's metadata says what workload it is of. */
export interface NamedPod {
  /** Absent or empty while the API server has yet to make it from `generateName`. */
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly Owner[];
}

interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
}

/** What a CronJob appends to its own name: the minute for which the Job is. Source: Kubernetes, getJobName */
const cronJobName = /^(.+)-\d{8,10}$/;

/**
 * Name of the workload that a pod is of, as metrics and dashboards show it: that of its Deployment, StatefulSet, CronJob or
 * other controller, else its own.
 */
export function workloadName(pod: NamedPod): string {
  const owner = pod.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return pod.name || (pod.generateName ?? "");
  if (owner.kind === "Job") return cronJobName.exec(owner.name)?.[1] ?? owner.name;
  const hash = pod.labels?.["pod-template-hash"];
  // A Deployment's ReplicaSet is named <deployment>-<pod template hash>.
  return owner.kind === "ReplicaSet" && hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? owner.name.slice(0, -hash.length - 1)
    : owner.name;
}
