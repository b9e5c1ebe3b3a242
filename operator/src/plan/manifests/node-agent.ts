import { labels } from "@meshwright/contract/labels";
import { ports } from "@meshwright/contract/ports";
import { csiDriverName } from "@meshwright/contract/volume";
import { cniAnnotation, components, names, rootCertificateDir, versionLabel } from "../../api/names.ts";
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
  const { name, namespace, version, cni } = installation;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: {
      name: names.nodeAgent,
      namespace,
      labels: { ...managedLabels(name, components.nodeAgent), [versionLabel]: version },
      ...(cni.stage !== undefined && { annotations: { [cniAnnotation]: cni.stage } }),
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
      ...(installation.cni.stage === undefined ? [] : cniVolumes(installation)),
    ],
  };
}

/** Where the agent finds the node's CNI folders. */
const cniPaths = { bin: "/host/cni/bin", conf: "/host/cni/net.d", netns: "/run/netns" } as const;

/** Volumes that hold the node's CNI folders. */
export const cniVolumeNames = { bin: "cni-bin", conf: "cni-conf" } as const;

const cniMounts = [
  { name: cniVolumeNames.bin, mountPath: cniPaths.bin },
  { name: cniVolumeNames.conf, mountPath: cniPaths.conf },
  // The network of a pod that starts after the agent is a mount of the node's.
  { name: "netns", mountPath: cniPaths.netns, mountPropagation: "HostToContainer" },
] as const;

/** Folders that are missing are made: an agent that cannot start would keep certificates from being renewed too. */
function cniVolumes({ spec }: Installation): readonly object[] {
  const volume = (name: string, path: string) => ({ name, hostPath: { path, type: "DirectoryOrCreate" } });
  const { cniBinDir, cniConfDir } = spec.cni;
  return [
    volume(cniVolumeNames.bin, cniBinDir),
    volume(cniVolumeNames.conf, cniConfDir),
    volume("netns", cniPaths.netns),
  ];
}

function cniArguments({ cni }: Installation): readonly string[] {
  if (cni.stage === undefined) return [];
  const folders = ["--cni-bin-dir", cniPaths.bin, "--cni-conf-dir", cniPaths.conf];
  return cni.stage === "removing" ? [...folders, "--cni-remove"] : folders;
}

function container(installation: Installation): object {
  const { images, spec, cni } = installation;
  const { kubeletDir } = spec.nodeAgent;
  return {
    name: "node-agent",
    image: images.nodeAgent,
    imagePullPolicy: spec.images.pullPolicy,
    args: [
      "--kubelet-dir",
      kubeletDir,
      "--driver-dir",
      `${kubeletDir}/plugins/${csiDriverName}`,
      ...cniArguments(installation),
    ],
    env: [downward("NODE_NAME", "spec.nodeName"), downward("POD_NAMESPACE", "metadata.namespace")],
    ports: [{ name: "http-monitoring", containerPort: ports.monitoring }],
    readinessProbe: monitoringProbe("/ready", 5, 2),
    resources: containerResources(spec.nodeAgent.resources, defaultResources),
    // Mount propagation from a container to the node is for privileged containers only.
    securityContext: { privileged: true, runAsUser: 0, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: "kubelet", mountPath: kubeletDir, mountPropagation: "Bidirectional" },
      { name: "root", mountPath: rootCertificateDir, readOnly: true },
      ...(cni.stage === undefined ? [] : cniMounts),
    ],
  };
}

function downward(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
