/**
 * The mesh's settings, as they stand in `mesh.yaml` of the ConfigMap `meshd-<revision>`: the operator writes them from the
 * MeshInstall, every replica of the control plane watches them and follows a change at once.
 */
export interface MeshConfig {
  readonly revision: string;
  readonly trustDomain: string;
  /** DNS suffix of the cluster's Services. */
  readonly clusterDomain: string;
  readonly mtls: "Strict" | "Permissive";
  readonly outboundTrafficPolicy: "AllowAny" | "RegistryOnly";
  /** Whether sidecars write one line per request to stdout. */
  readonly accessLog: boolean;
  /** That line in Envoy's command operators; absent: Istio's default line. */
  readonly accessLogFormat?: string;
  /** Whether sidecars tell the metrics of their applications with their own, where a pod does not say otherwise; absent: true. */
  readonly enablePrometheusMerge?: boolean;
  readonly workloadCertificateLifetimeSeconds: number;
  /** Who loads the redirect rules of new pods: an init container of theirs, or the node's CNI plugin. */
  readonly redirect: "init" | "cni";
  readonly proxy: ProxyConfig;
}

/** What the injector puts into a pod. */
export interface ProxyConfig {
  readonly image: string;
  readonly imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  /** Names of Secrets in the pod's own namespace. */
  readonly imagePullSecrets: readonly string[];
  readonly resources: Resources;
  readonly logLevel: "trace" | "debug" | "info" | "warning" | "error" | "critical" | "off";
  /** How long Envoy takes to drain its connections when the pod terminates. */
  readonly drainSeconds: number;
  /** Envoy's worker threads; absent: as many as the CPU limit, rounded up. */
  readonly concurrency?: number;
  /** Whether sidecars answer the mesh's own names, where a pod does not say otherwise. */
  readonly dnsCapture: boolean;
}

/** Kubernetes quantities by resource name: `{requests: {cpu: "100m"}}`. */
export interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** ConfigMap key under which the settings stand. */
export const meshConfigKey = "mesh.yaml";

export const defaultProxyResources: Resources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "2", memory: "1Gi" },
};

/** The settings of a mesh about which nothing was said; the revision and the image have no default. */
export function defaultMeshConfig(revision: string, image: string): MeshConfig {
  return {
    revision,
    trustDomain: "cluster.local",
    clusterDomain: "cluster.local",
    mtls: "Permissive",
    outboundTrafficPolicy: "AllowAny",
    accessLog: false,
    workloadCertificateLifetimeSeconds: 24 * 60 * 60,
    redirect: "init",
    proxy: {
      image,
      imagePullPolicy: "IfNotPresent",
      imagePullSecrets: [],
      resources: defaultProxyResources,
      logLevel: "warning",
      drainSeconds: 45,
      dnsCapture: false,
    },
  };
}
