/** What metrics call a pod's workload beside its namespace, in Istio's terms: labels of both ends of a request. */
export interface WorkloadNames {
  /** Name of its Deployment, StatefulSet or other controller, else the pod's own. */
  readonly workload: string;
  /** Label `app`. */
  readonly app: string;
  /** Label `version`. */
  readonly version: string;
  readonly canonicalService: string;
  readonly canonicalRevision: string;
}
