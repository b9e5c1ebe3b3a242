import { labels } from "@meshwright/contract/labels";
import { ports } from "@meshwright/contract/ports";
import { controlPlaneName } from "@meshwright/contract/volume";
import { certificateAuthorityDir, components, names, versionLabel } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, revisionLabels } from "../manifest.ts";
import { leastReplicas } from "./control-plane-autoscaler.ts";
import { imagePulls, monitoringProbe } from "./pod.ts";
import { containerResources } from "./resources.ts";

const defaultResources = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "2Gi" } };

/** Does not grow with the mesh: it knows the namespaces and the pod that it is asked about. */
const injectorResources = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } };

/** Any user but root; its group reads the mounted key. */
const user = 65_532;

/** Labels of a revision's pods. Immutable in a Deployment. */
export function controlPlaneSelector(revision: string): Readonly<Record<string, string>> {
  return { app: "meshd", [labels.revision]: revision };
}

/** The control plane of a revision. A new pod is ready before an old one goes: injection never pauses. */
export function controlPlaneDeployment(installation: Installation): Manifest {
  const { revision, namespace, version } = installation;
  const selector = controlPlaneSelector(revision);
  const own = revisionLabels(installation, components.controlPlane);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: controlPlaneName(revision),
      namespace,
      labels: { ...own, [versionLabel]: version },
    },
    spec: {
      replicas: leastReplicas(installation),
      selector: { matchLabels: selector },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: {
          labels: { ...own, ...selector, [labels.inject]: "false" },
          annotations: { "kubectl.kubernetes.io/default-container": "meshd" },
        },
        spec: pod(installation),
      },
    },
  };
}

function pod(installation: Installation): object {
  const { revision, spec } = installation;
  const { tolerations, nodeSelector } = spec.controlPlane;
  return {
    serviceAccountName: controlPlaneName(revision),
    automountServiceAccountToken: true,
    priorityClassName: "system-cluster-critical",
    ...(tolerations === undefined ? {} : { tolerations }),
    nodeSelector: { "kubernetes.io/os": "linux", ...nodeSelector },
    ...imagePulls(installation),
    topologySpreadConstraints: spread(revision),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [controlPlane(installation), injector(installation)],
    volumes: [{ name: "ca", secret: { secretName: names.certificateAuthority, defaultMode: 0o440 } }],
  };
}

/** Replicas prefer different nodes and zones, but run where they can. */
function spread(revision: string): readonly object[] {
  return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: controlPlaneSelector(revision) },
  }));
}

function controlPlane(installation: Installation): object {
  return {
    ...container(installation, "meshd", "xds"),
    ports: [
      { name: "grpc-xds", containerPort: ports.xds },
      { name: "http-monitoring", containerPort: ports.monitoring },
      { name: "https-debug", containerPort: ports.debug },
    ],
    readinessProbe: monitoringProbe("/ready", 2, 2),
    livenessProbe: monitoringProbe("/live", 10, 6),
    resources: containerResources(installation.spec.controlPlane.resources, defaultResources),
  };
}

/** A process of its own, so that nothing that the mesh's size does to xDS keeps a pod from being created (decision 0007). */
function injector(installation: Installation): object {
  return {
    ...container(installation, "injector", "injector"),
    ports: [
      { name: "http-injector", containerPort: ports.injectorMonitoring },
      { name: "https-webhook", containerPort: ports.webhook },
    ],
    readinessProbe: monitoringProbe("/ready", 2, 2, ports.injectorMonitoring),
    livenessProbe: monitoringProbe("/live", 10, 6, ports.injectorMonitoring),
    resources: injectorResources,
  };
}

/** What the two processes of meshd share: the image, the command line, and the authority's files. */
function container({ revision, namespace, images, spec }: Installation, name: string, role: string): object {
  return {
    name,
    image: images.controlPlane,
    imagePullPolicy: spec.images.pullPolicy,
    args: [
      ["--role", role],
      ["--revision", revision],
      ["--namespace", namespace],
      ["--config-map", controlPlaneName(revision)],
      ["--ca-dir", certificateAuthorityDir],
    ].flat(),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: "ca", mountPath: certificateAuthorityDir, readOnly: true }],
  };
}
