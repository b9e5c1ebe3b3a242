import type { Outcome } from "./inject.ts";
import type { Pod } from "./pod.ts";
import type { SkipReason } from "./selection.ts";

/** What is told in an Event about a pod that asked for a sidecar and cannot have one. */
export interface SkipNotice {
  readonly regarding: Regarding;
  readonly reason: SkipReason;
  readonly note: string;
}

interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid?: string };
}

/** The reasons that a user can do something about, and would not look for in the answer to kubelet or a controller. */
const toldReasons: ReadonlySet<SkipReason> = new Set(["HostNetwork", "Windows"]);

/** The notice about an outcome, if there is one. It is about the pod's controller, so that a DaemonSet has one Event and not one per node. */
export function skipNotice(pod: Pod, namespace: string, outcome: Outcome): SkipNotice | undefined {
  if (outcome.kind !== "skipped" || outcome.warning === undefined || !toldReasons.has(outcome.reason)) return undefined;
  const about = regarding(pod, namespace);
  return about && { regarding: about, reason: outcome.reason, note: outcome.warning };
}

function regarding({ metadata }: Pod, namespace: string): Regarding | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner?.apiVersion !== undefined) {
    const { apiVersion, kind, name, uid } = owner;
    return { apiVersion, kind, metadata: { name, namespace, ...(uid !== undefined && { uid }) } };
  }
  const { name = "" } = metadata;
  return name === "" ? undefined : { apiVersion: "v1", kind: "Pod", metadata: { name, namespace } };
}
