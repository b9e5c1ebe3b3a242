import { boolean, choice, integer, list, object, string } from "./schema/build.ts";
import { nodeSelector, resources, tolerations } from "./workload-spec.ts";

export const dnsLabel = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
export const dnsName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

/** A rule that refuses any change of a field, saying what stands and what to do. */
export function immutable(field: string, fix: string) {
  return {
    rule: "self == oldSelf",
    message: `${field} is immutable: ${fix}`,
    messageExpression: `'${field} is immutable: it stays "' + oldSelf + '" and cannot become "' + self + '"; ${fix}'`,
    reason: "FieldValueForbidden",
  } as const;
}

const controlPlane = object(
  {
    replicas: integer({
      description: "Replicas of the control plane. One replica means that injection stops while its node restarts.",
      default: 2,
      minimum: 1,
      maximum: 100,
    }),
    autoscaling: object(
      {
        minReplicas: integer({ description: "Replicas at least.", default: 2, minimum: 1, maximum: 100 }),
        maxReplicas: integer({ description: "Replicas at most.", default: 5, minimum: 1, maximum: 100 }),
        targetCPUUtilizationPercentage: integer({
          description: "CPU in use, in percent of what the containers request, above which replicas are added.",
          default: 80,
          minimum: 1,
          maximum: 1000,
        }),
      },
      {
        description:
          "Replicas by load, in the place of `replicas`: a HorizontalPodAutoscaler, which needs the cluster's metrics API. Left out: as many as `replicas` says.",
        optional: true,
        rules: [
          {
            rule: "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
            message: "spec.controlPlane.autoscaling.minReplicas must not be above maxReplicas",
          },
        ],
      },
    ),
    resources,
    tolerations,
    nodeSelector,
  },
  { description: "The control plane, meshd." },
);

const proxy = object(
  {
    resources,
    concurrency: integer({
      description: "Worker threads of Envoy. Left out: as many as its CPU limit, rounded up.",
      minimum: 1,
      maximum: 256,
      optional: true,
    }),
    logLevel: choice(["trace", "debug", "info", "warning", "error", "critical", "off"], {
      description: "Log level of Envoy.",
      default: "warning",
    }),
    drainSeconds: integer({
      description: "How long Envoy lets connections finish when its pod ends, in seconds.",
      default: 45,
      minimum: 0,
      maximum: 3600,
    }),
    dnsCapture: boolean({
      description:
        "Whether sidecars answer the names of the mesh's Services themselves, also while the cluster's DNS is down. Every other query, and all of a pod with another nameserver than the node's, goes where it always went. A pod says otherwise by ISTIO_META_DNS_CAPTURE in proxyMetadata of its annotation proxy.istio.io/config.",
      default: false,
    }),
  },
  { description: "The sidecars. A change reaches pods that are created after it." },
);

const injection = object(
  {
    failurePolicy: choice(["Fail", "Ignore"], {
      description:
        "What becomes of a pod that asks for a sidecar while no replica of the control plane answers. Fail: it cannot be created until one does. Ignore: it starts without a sidecar, past every policy of the mesh.",
      default: "Fail",
    }),
  },
  { description: "How pods get their sidecar." },
);

const mesh = object(
  {
    mtls: choice(["Strict", "Permissive"], {
      description: "Strict: meshed pods accept mutual TLS only. Permissive: they accept plaintext too.",
      default: "Permissive",
    }),
    trustDomain: string({
      description:
        "Trust domain of the workloads' SPIFFE IDs. Immutable: running proxies would stop to trust each other.",
      default: "cluster.local",
      pattern: dnsName,
      maxLength: 253,
      rules: [immutable("spec.mesh.trustDomain", "delete the MeshInstall and create it anew to change it")],
    }),
    clusterDomain: string({
      description: "DNS suffix of the cluster's Services, as set in the kubelets.",
      default: "cluster.local",
      pattern: dnsName,
      maxLength: 253,
    }),
    outboundTrafficPolicy: choice(["AllowAny", "RegistryOnly"], {
      description: "Where meshed pods may connect to: anywhere, or only to what the mesh knows.",
      default: "AllowAny",
    }),
    accessLog: boolean({ description: "Whether sidecars log every request to their standard output.", default: false }),
    accessLogFormat: string({
      description:
        "Line of the access log, in Envoy's command operators, as %RESPONSE_CODE% or %DOWNSTREAM_PEER_URI_SAN%. Left out: Istio's default line.",
      minLength: 1,
      maxLength: 4096,
      optional: true,
    }),
    enablePrometheusMerge: boolean({
      description:
        "Whether Prometheus finds an application's metrics with its sidecar's, on port 15020, in place of where the pod's prometheus.io annotations say. Holds for new pods; a pod decides for itself by prometheus.istio.io/merge-metrics.",
      default: true,
    }),
  },
  { description: "Settings of the whole mesh. They are live: a change reaches running proxies at once." },
);

const certificates = object(
  {
    workloadLifetimeSeconds: integer({
      description:
        "Lifetime of workload certificates, in seconds. They are renewed at about half of it; below 180 also whenever kubelet brings a new token, about once a minute.",
      default: 86_400,
      minimum: 120,
      maximum: 86_400,
    }),
  },
  { description: "The mesh's certificate authority. Its self-signed root is made once, in the Secret meshwright-ca." },
);

const images = object(
  {
    registry: string({
      description:
        "Registry and path in front of the images' names. Left out: where the operator's own image comes from.",
      maxLength: 255,
      minLength: 1,
      optional: true,
    }),
    tag: string({
      description: "Tag of the images. Left out: the version.",
      pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$",
      optional: true,
    }),
    pullPolicy: choice(["Always", "IfNotPresent", "Never"], {
      description: "When nodes pull the images.",
      default: "IfNotPresent",
    }),
    pullSecrets: list(string({ description: "Name of a Secret.", pattern: dnsName, maxLength: 253 }), {
      description:
        "Secrets with registry credentials, in the mesh's namespace and in every namespace with meshed pods.",
      maxItems: 16,
      listType: "set",
      optional: true,
    }),
  },
  { description: "Where the images come from." },
);

/** What a revision is made of; a MeshInstall says it for the revision that it makes. */
export const revisionFields = { controlPlane, proxy, injection, mesh, ca: certificates, images } as const;
