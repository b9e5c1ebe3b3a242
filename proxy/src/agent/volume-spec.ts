import type { CaptureAttribute } from "@meshwright/contract/capture-attribute";
import type { ProbeRoute } from "@meshwright/contract/probe-route";

/** The pod that a volume belongs to, as kubelet says. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly serviceAccount: string;
}

/** What a volume is for: checked, and the same for as long as the volume lives. */
export interface VolumeSpec {
  readonly pod: PodRef;
  /** Revision of the control plane that signs and configures. */
  readonly revision: string;
  /** Of the sidecar, as `v1.1.0`; absent: not known. */
  readonly version?: string;
  readonly probes: readonly ProbeRoute[];
  readonly capture: CaptureAttribute;
  /** Who loads the rules: a container of the pod's, or the node's CNI plugin. */
  readonly redirect: "init" | "cni";
}

/** A pod in messages: `Pod "shop/web-0"`. */
export function describePod(pod: PodRef): string {
  return `Pod "${pod.namespace}/${pod.name}"`;
}
