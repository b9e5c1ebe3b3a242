import { labels } from "@meshwright/contract/labels";
import { ineffectiveAnnotations } from "./ineffective.ts";
import { type InjectSettings, injection } from "./injection.ts";
import { injectionPatch } from "./injection-patch.ts";
import type { PatchOperation } from "./json-patch.ts";
import { laterProbesPatch } from "./later-probes.ts";
import { type NameConflict, nameConflict } from "./name-conflict.ts";
import { type Pod, podName } from "./pod.ts";
import { injectRequired, type Namespace, type SkipReason } from "./selection.ts";

/** What becomes of a pod. */
export type Outcome =
  | { readonly kind: "injected"; readonly patch: readonly PatchOperation[]; readonly warnings: readonly string[] }
  | { readonly kind: "skipped"; readonly reason: SkipReason }
  | { readonly kind: "refused"; readonly message: string };

/** Decides about a pod that is being created, and makes the patch that gives it its sidecar. */
export function inject(pod: Pod, namespace: Namespace, settings: InjectSettings): Outcome {
  const { revision } = settings.mesh;
  const selection = injectRequired(pod, namespace, revision);
  switch (selection.kind) {
    case "skip":
      return selection.reason === "AlreadyInjected" ? injectAgain(pod) : { kind: "skipped", reason: selection.reason };
    case "stale":
      return refused(pod, namespace, staleLabels(selection.wanted, revision));
    case "inject":
      return injectSelected(pod, namespace, settings);
  }
}

function injectAgain(pod: Pod): Outcome {
  const patch = laterProbesPatch(pod);
  return patch.length === 0
    ? { kind: "skipped", reason: "AlreadyInjected" }
    : { kind: "injected", patch, warnings: [] };
}

function injectSelected(pod: Pod, namespace: Namespace, settings: InjectSettings): Outcome {
  const conflict = nameConflict(pod);
  if (conflict !== undefined) return refused(pod, namespace, nameTaken(conflict));
  const patch = injectionPatch(pod, injection(pod, settings));
  return { kind: "injected", patch, warnings: ineffectiveAnnotations(pod) };
}

function refused(pod: Pod, namespace: Namespace, detail: string): Outcome {
  return { kind: "refused", message: `cannot inject Pod "${namespace.name}/${podName(pod)}": ${detail}` };
}

function nameTaken({ field, name }: NameConflict): string {
  return `${field} "${name}" is the sidecar's: rename it, or set the pod's label ${labels.inject} to "false"`;
}

function staleLabels(wanted: string | undefined, revision: string): string {
  const asked = wanted === undefined ? "no revision" : `revision "${wanted}"`;
  return `the labels of pod and namespace ask for ${asked}, not for "${revision}": create it again, they have just changed`;
}
