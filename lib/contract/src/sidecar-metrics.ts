/**
 * How injector, control plane and sidecar agree on the labels of metrics. Listeners are shared by many workloads and name
 * none: what a sidecar says of its own workload stands in its environment.
 */
export const workloadVariables = {
  /** Also set for other ends. */
  namespace: "POD_NAMESPACE",
  workload: "ISTIO_META_WORKLOAD_NAME",
  cluster: "ISTIO_META_CLUSTER_ID",
  canonicalService: "CANONICAL_SERVICE",
  canonicalRevision: "CANONICAL_REVISION",
  app: "MESHWRIGHT_APP",
  version: "MESHWRIGHT_VERSION_LABEL",
  /** What the sidecar tells the server's of its workload: the value of `peerHeader`. */
  peer: "MESHWRIGHT_PEER",
} as const;

/**
 * Header in which a client's sidecar tells the server's what the client is called: base64 of a `google.protobuf.Value`
 * that is a struct with the fields below, all of them strings. The server's sidecar takes it off, and believes it only of a
 * peer with a certificate, which proves namespace and account itself.
 */
export const peerHeader = "x-meshwright-peer";

/**
 * Short, since the same names stand in the metadata of every endpoint. There is no more of an endpoint's namespace
 * than `namespace`, which the header has no word for.
 */
export const peerFields = {
  workload: "w",
  namespace: "n",
  app: "a",
  version: "v",
  canonicalService: "s",
  canonicalRevision: "r",
  cluster: "c",
} as const;

/**
 * Where the application has metrics of its own, as its pod's annotations say: JSON of `{scrape, path, port}`, each a string.
 * Absent: nowhere. Source: https://istio.io/latest/docs/ops/integrations/prometheus/#option-1-metrics-merging
 */
export const applicationScrapeVariable = "ISTIO_PROMETHEUS_ANNOTATIONS";

/** What the names of Istio's metrics begin with inside of Envoy, which keeps no statistics but those that it is told to. */
export const metricsPrefix = "istio";
