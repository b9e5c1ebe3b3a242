import { labels } from "@meshwright/contract/labels";
import { readAnnotations } from "./annotations/read-annotations.ts";
import { declaredProxy, foreignField } from "./declared-proxy.ts";
import { dnsPolicyWarnings } from "./dns-policy.ts";
import { ineffectiveAnnotations } from "./ineffective.ts";
import { type InjectSettings, injection } from "./injection.ts";
import { injectionPatch } from "./injection-patch.ts";
import type { PatchOperation } from "./json-patch.ts";
import { laterProbesPatch } from "./later-probes.ts";
import { type NameConflict, nameConflict } from "./name-conflict.ts";
import { sidecarName } from "./names.ts";
import { type Pod, podName } from "./pod.ts";
import { defaultPodSettings, type PodSettings } from "./pod-settings.ts";
import { tooManyProbes } from "./probe-limit.ts";
import { proxyUserWarnings } from "./proxy-user.ts";
import { scrapingWarnings } from "./scraping.ts";
import { injectRequired, type Namespace, type SkipReason } from "./selection.ts";
import { skipWarning } from "./skip-warning.ts";

/** What becomes of a pod. */
export type Outcome =
  | { readonly kind: "injected"; readonly patch: readonly PatchOperation[]; readonly warnings: readonly string[] }
  | { readonly kind: "skipped"; readonly reason: SkipReason; readonly warning?: string }
  | { readonly kind: "refused"; readonly message: string };

/**
 * Decides about a pod that is being created, and makes the patch that gives it its sidecar. Its labels ask for this revision by
 * a name: the revision's own, or that of a tag, as the API server says.
 */
export function inject(
  pod: Pod,
  namespace: Namespace,
  settings: InjectSettings,
  name: string = settings.mesh.revision,
): Outcome {
  const selection = injectRequired(pod, namespace, name);
  switch (selection.kind) {
    case "skip":
      return selection.reason === "AlreadyInjected" ? injectAgain(pod, settings) : skipped(selection.reason);
    case "stale":
      return refused(pod, namespace, staleLabels(selection.wanted, name));
    case "inject":
      return injectSelected(pod, namespace, settings);
  }
}

function injectAgain(pod: Pod, { mesh, nativeSidecars }: InjectSettings): Outcome {
  const read = readAnnotations(pod, defaultPodSettings(mesh, nativeSidecars));
  // an annotation that was good at the first time and is bad now is another webhook's doing, and too late to refuse
  const hasRoutes = read.kind === "invalid" || (read.settings.rewritesProbes && read.settings.template === "sidecar");
  const patch = hasRoutes ? laterProbesPatch(pod) : [];
  return patch.length === 0 ? skipped("AlreadyInjected") : { kind: "injected", patch, warnings: [] };
}

function injectSelected(pod: Pod, namespace: Namespace, settings: InjectSettings): Outcome {
  const { mesh, nativeSidecars, version } = settings;
  const read = readAnnotations(pod, defaultPodSettings(mesh, nativeSidecars));
  if (read.kind === "invalid") return refused(pod, namespace, read.detail);
  const obstacle = podObstacle(pod, read.settings);
  if (obstacle !== undefined) return refused(pod, namespace, obstacle);
  const added = injection(pod, read.settings, version);
  const excess = tooManyProbes(added.probes.map(({ route }) => route));
  if (excess !== undefined) return refused(pod, namespace, excess);
  const patch = injectionPatch(pod, added);
  const warnings = [
    ...read.warnings,
    ...ineffectiveAnnotations(pod),
    ...proxyUserWarnings(pod),
    ...dnsPolicyWarnings(pod, read.settings),
    ...scrapingWarnings(pod, read.settings),
  ];
  return { kind: "injected", patch, warnings };
}

function podObstacle(pod: Pod, settings: PodSettings): string | undefined {
  const conflict = nameConflict(pod, settings);
  if (conflict !== undefined) return nameTaken(conflict);
  const declared = declaredProxy(pod);
  const foreign = declared && foreignField(declared);
  return (
    foreign &&
    `${foreign} is set on the container "${sidecarName}", which is the sidecar's: remove the field, or rename the container`
  );
}

function skipped(reason: SkipReason): Outcome {
  const warning = skipWarning(reason);
  return { kind: "skipped", reason, ...(warning !== undefined && { warning }) };
}

function refused(pod: Pod, namespace: Namespace, detail: string): Outcome {
  return { kind: "refused", message: `cannot inject Pod "${namespace.name}/${podName(pod)}": ${detail}` };
}

function nameTaken({ field, name }: NameConflict): string {
  return `${field} "${name}" is the sidecar's: rename it, or set the pod's label ${labels.inject} to "false"`;
}

function staleLabels(wanted: string | undefined, name: string): string {
  const asked = wanted === undefined ? "no revision" : `revision "${wanted}"`;
  return `the labels of pod and namespace ask for ${asked}, not for "${name}": create it again, they have just changed`;
}
