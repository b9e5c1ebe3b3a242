import { defaultRevision, labels } from "@meshwright/contract/labels";
import { csiDriverName } from "@meshwright/contract/volume";
import { sidecarName } from "./names.ts";
import type { Container, Pod } from "./pod.ts";

export interface Namespace {
  readonly name: string;
  /** `unknown`: not in the cache yet, so that the API server's own selection of the pod has to do. */
  readonly labels: Readonly<Record<string, string>> | "unknown";
}

/** Why a pod gets no sidecar from this revision. */
export type SkipReason = "HostNetwork" | "SystemNamespace" | "Windows" | "MirrorPod" | "AlreadyInjected" | "OptedOut";

export type Selection =
  | { readonly kind: "inject" }
  | { readonly kind: "skip"; readonly reason: SkipReason }
  /**
   * The API server chose this revision's webhook, and the labels known here ask for another revision or for none: they
   * changed a moment ago. Letting the pod pass would leave it without a sidecar, for good and without a word.
   */
  | { readonly kind: "stale"; readonly wanted: string | undefined };

/** Never injected: a mesh that cannot start must not keep the cluster from starting. */
const systemNamespaces: ReadonlySet<string> = new Set(["kube-system", "kube-public", "kube-node-lease"]);

/** Kubelet sets it on the API server's copy of a static pod, which cannot be changed any more. */
const mirrorAnnotation = "kubernetes.io/config.mirror";

/** Decides whether a pod asks for a sidecar by the name of a revision or tag. What it cannot have comes before what it asks for. */
export function injectRequired(pod: Pod, namespace: Namespace, name: string): Selection {
  const impossible = obstacle(pod, namespace);
  if (impossible !== undefined) return skip(impossible);
  const choice = podChoice(pod);
  if (choice === "no") return skip("OptedOut");
  if (namespace.labels === "unknown") return { kind: "inject" };
  const wanted = wantedRevision(namespace.labels, pod.metadata.labels?.[labels.revision], choice);
  return wanted === name ? { kind: "inject" } : { kind: "stale", wanted };
}

function skip(reason: SkipReason): Selection {
  return { kind: "skip", reason };
}

function obstacle(pod: Pod, namespace: Namespace): SkipReason | undefined {
  if (systemNamespaces.has(namespace.name)) return "SystemNamespace";
  if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return "MirrorPod";
  // redirect rules would apply to the whole node
  if (pod.spec.hostNetwork === true) return "HostNetwork";
  if (isForWindows(pod)) return "Windows";
  return isInjected(pod) ? "AlreadyInjected" : undefined;
}

function isForWindows({ spec }: Pod): boolean {
  return spec.os?.name === "windows" || spec.nodeSelector?.["kubernetes.io/os"] === "windows";
}

/** True when the pod has our volume and a sidecar; the status annotation alone is what anybody can write. */
function isInjected(pod: Pod): boolean {
  const hasVolume = pod.spec.volumes?.some((volume) => volume.csi?.driver === csiDriverName) ?? false;
  return hasVolume && allContainers(pod).some((container) => container.name === sidecarName);
}

function allContainers(pod: Pod): readonly Container[] {
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
}

/** The label wins over the annotation of the same name, which is Istio's older form. */
function podChoice(pod: Pod): "yes" | "no" | "none" {
  const value = pod.metadata.labels?.[labels.inject] ?? pod.metadata.annotations?.[labels.inject];
  if (value === undefined || value === "") return "none";
  return ["true", "yes", "y", "on"].includes(value.toLowerCase()) ? "yes" : "no";
}

/**
 * The revision that namespace and pod ask for: the namespace wins over the pod, `istio-injection` over `istio.io/rev`.
 * Source: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
function wantedRevision(
  namespace: Readonly<Record<string, string>>,
  podRevision: string | undefined,
  choice: "yes" | "none",
): string | undefined {
  const injection = namespace[labels.injection];
  if (injection !== undefined) return injection === "enabled" ? defaultRevision : undefined;
  return namespace[labels.revision] ?? podRevision ?? (choice === "yes" ? defaultRevision : undefined);
}
