import { labels } from "@meshwright/contract/labels";
import { ports } from "@meshwright/contract/ports";
import { csiDriverName } from "@meshwright/contract/volume";
import { components, names, rootCertificateDir, versionLabel } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, managedLabels } from "../manifest.ts";
import { imagePulls, monitoringProbe } from "./pod.ts";
import { containerResources } from "./resources.ts";

const defaultResources = { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "256Mi" } };

/** The selector is immutable in a DaemonSet: it must not carry anything that changes. */
const selector = { app: names.nodeAgent };

/** Runs on every Linux node, also on tainted ones: pods there want an identity too. */
const everywhere = [{ operator: "Exists" }] as const;

/** The node agent: one per node, for the sidecars of every revision. */
export function nodeAgentDaemonSet(installation: Installation): Manifest {
  const { name, namespace, version } = installation;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: {
      name: names.nodeAgent,
      namespace,
      labels: { ...managedLabels(name, components.nodeAgent), [versionLabel]: version },
    },
    spec: {
      selector: { matchLabels: selector },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
      template: {
        metadata: { labels: { ...selector, ...managedLabels(name, components.nodeAgent), [labels.inject]: "false" } },
        spec: pod(installation),
      },
    },
  };
}

function pod(installation: Installation): object {
  const { kubeletDir, tolerations } = installation.spec.nodeAgent;
  return {
    serviceAccountName: names.nodeAgent,
    automountServiceAccountToken: false,
    priorityClassName: "system-node-critical",
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: tolerations ?? everywhere,
    ...imagePulls(installation),
    containers: [container(installation)],
    volumes: [
      { name: "kubelet", hostPath: { path: kubeletDir, type: "Directory" } },
      { name: "root", configMap: { name: names.rootCertificate } },
    ],
  };
}

function container({ images, spec }: Installation): object {
  const { kubeletDir } = spec.nodeAgent;
  return {
    name: "node-agent",
    image: images.nodeAgent,
    imagePullPolicy: spec.images.pullPolicy,
    args: ["--kubelet-dir", kubeletDir, "--driver-dir", `${kubeletDir}/plugins/${csiDriverName}`],
    env: [downward("NODE_NAME", "spec.nodeName"), downward("POD_NAMESPACE", "metadata.namespace")],
    ports: [{ name: "http-monitoring", containerPort: ports.monitoring }],
    readinessProbe: monitoringProbe("/ready", 5, 2),
    resources: containerResources(spec.nodeAgent.resources, defaultResources),
    // Mount propagation from a container to the node is for privileged containers only.
    securityContext: { privileged: true, runAsUser: 0, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: "kubelet", mountPath: kubeletDir, mountPropagation: "Bidirectional" },
      { name: "root", mountPath: rootCertificateDir, readOnly: true },
    ],
  };
}

function downward(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
