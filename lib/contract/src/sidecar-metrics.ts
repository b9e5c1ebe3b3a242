/**
 * How injector, control plane and sidecar agree on the labels of metrics. Inside of Envoy, where every label of every
 * metric of every listener has its price, a series carries few: what is the same for the whole pod stands in the sidecar's
 * environment, and what is told of the other end is one text of several fields. The sidecar writes them out as Istio's labels
 * when it is asked (proxy/src/bootstrap/label-script.ts).
 *
 * A sidecar goes on with the bootstrap of the agent that made it: fields and parts keep their places, and new ones come last.
 */

/** Variables of a sidecar's environment, which the injector sets. */
export const workloadVariables = {
  namespace: "POD_NAMESPACE",
  workload: "ISTIO_META_WORKLOAD_NAME",
  app: "MESHWRIGHT_APP",
  version: "MESHWRIGHT_VERSION_LABEL",
  canonicalService: "CANONICAL_SERVICE",
  canonicalRevision: "CANONICAL_REVISION",
  cluster: "ISTIO_META_CLUSTER_ID",
  /** What the sidecar tells the server's of its workload: the value of `peerHeader`. */
  introduction: "MESHWRIGHT_INTRODUCTION",
} as const;

/**
 * Header in which a client's sidecar tells the server's what the client is called: the fields of `introductionFields`. The
 * server's sidecar takes it off, and believes it only of a peer with a certificate, which proves namespace and account itself.
 */
export const peerHeader = "x-meshwright-peer";

/** Between the fields of a text; no name or label of Kubernetes holds it. */
export const fieldSeparator = ";";

const names = ["workload", "app", "version", "canonical_service", "canonical_revision"] as const;

/** Fields of an endpoint's metadata, in their order, as labels without their prefix. */
export const endpointFields = [...names, "workload_namespace"] as const;

/** Fields of a client's introduction. */
export const introductionFields = [...names, "cluster"] as const;

/** Fields of the metadata of a cluster that leads to a Service: labels that begin with `destination_`. */
export const serviceFields = ["service", "service_name", "service_namespace", "cluster"] as const;

/** What a server's sidecar remembers of a connection: whole labels. */
export const connectionFields = [
  "source_workload_namespace",
  "destination_service",
  "destination_service_name",
] as const;

/**
 * The labels that a series begins with inside of Envoy, in this order; all others follow, under Istio's names. `ends` is what
 * is known of both: `endsParts`.
 */
export const innerLabels = ["reporter", "ends"] as const;

/**
 * Parts of the label `ends`: fields of the other end's workload, fields of the Service that was called, and who has proven
 * to be who. One that Envoy does not have is empty, and `-` where nobody can have it.
 */
export const endsParts = ["workload", "service", "source_principal", "destination_principal"] as const;

export const partSeparator = "|";

/** What begins the names of metrics of which the label `request_protocol`, being `tcp`, is written out too. */
export const tcpMetricPrefix = "tcp_";

/**
 * Where the application has metrics of its own, as its pod's annotations say: JSON of `{scrape, path, port}`, each a string.
 * Absent: nowhere. Source: https://istio.io/latest/docs/ops/integrations/prometheus/#option-1-metrics-merging
 */
export const applicationScrapeVariable = "ISTIO_PROMETHEUS_ANNOTATIONS";

/** What the names of Istio's metrics begin with inside of Envoy, which keeps no statistics but those that it is told to. */
export const metricsPrefix = "istio";

/** Joins fields in their order. */
export function joinFields<F extends string>(fields: readonly F[], values: Readonly<Record<F, string>>): string {
  return fields.map((field) => values[field]).join(fieldSeparator);
}
