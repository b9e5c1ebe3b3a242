import { labels } from "@meshwright/contract/labels";
import { ineffectiveAnnotations } from "./ineffective.ts";
import { type InjectSettings, injection } from "./injection.ts";
import { injectionPatch } from "./injection-patch.ts";
import type { PatchOperation } from "./json-patch.ts";
import { nameConflict } from "./name-conflict.ts";
import { type Pod, podName } from "./pod.ts";
import { injectRequired, type Namespace, type SkipReason } from "./selection.ts";

/** What becomes of a pod. */
export type Outcome =
  | { readonly kind: "injected"; readonly patch: readonly PatchOperation[]; readonly warnings: readonly string[] }
  | { readonly kind: "skipped"; readonly reason: SkipReason }
  | { readonly kind: "refused"; readonly message: string };

/** Decides about a pod that is being created, and makes the patch that gives it its sidecar. */
export function inject(pod: Pod, namespace: Namespace, settings: InjectSettings): Outcome {
  const selection = injectRequired(pod, namespace, settings.mesh.revision);
  if (selection.kind === "skip") return { kind: "skipped", reason: selection.reason };
  const conflict = nameConflict(pod);
  if (conflict !== undefined) {
    const { field, name } = conflict;
    const fix = `rename it, or set the pod's label ${labels.inject} to "false"`;
    const message = `cannot inject Pod "${namespace.name}/${podName(pod)}": ${field} "${name}" is the sidecar's: ${fix}`;
    return { kind: "refused", message };
  }
  const patch = injectionPatch(pod, injection(pod, settings));
  return { kind: "injected", patch, warnings: ineffectiveAnnotations(pod) };
}
