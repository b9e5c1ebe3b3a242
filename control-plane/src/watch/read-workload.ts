import { labels as meshLabels, meshTlsMode } from "@meshwright/contract/labels";
import { workloadLabels } from "@meshwright/contract/workload-labels";
import type { Workload, WorkloadPort } from "../model/workload.ts";
import type { KubeContainer, KubePod } from "./kube-shapes.ts";

/** Reads a pod; undefined for one that has ended, whose address may already be another's. */
export function readWorkload(object: KubePod): Workload | undefined {
  const { name, namespace = "", uid = "", labels = {}, deletionTimestamp } = object.metadata;
  const phase = object.status?.phase;
  if (phase === "Succeeded" || phase === "Failed") return undefined;
  return {
    namespace,
    name,
    uid,
    serviceAccount: object.spec?.serviceAccountName ?? "default",
    addresses: (object.status?.podIPs ?? []).flatMap(({ ip }) => ip ?? []),
    labels,
    names: workloadLabels(object.metadata),
    ports: servingContainers(object).flatMap(readPorts),
    // A pod on the node's network has no sidecar, whatever its label claims, and its address is the node's.
    isMeshed: labels[meshLabels.tlsMode] === meshTlsMode && object.spec?.hostNetwork !== true,
    isTerminating: deletionTimestamp !== undefined,
  };
}

/** Ordinary init containers have ended before the pod serves; restartable ones run beside its containers. */
function servingContainers(pod: KubePod): readonly KubeContainer[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  return [...sidecars, ...(pod.spec?.containers ?? [])];
}

function readPorts(container: KubeContainer): readonly WorkloadPort[] {
  return (container.ports ?? []).flatMap(({ name, protocol, containerPort }) =>
    name !== undefined && (protocol ?? "TCP") === "TCP" ? [{ name, port: containerPort }] : [],
  );
}
