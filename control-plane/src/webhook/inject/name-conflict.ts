import { redirectName, volumeName } from "./names.ts";
import type { Pod } from "./pod.ts";
import type { PodSettings } from "./pod-settings.ts";

/** A name of ours that the pod already uses for something else. */
export interface NameConflict {
  /** As `spec.containers[1].name`. */
  readonly field: string;
  readonly name: string;
}

const containerNames: ReadonlySet<string> = new Set([redirectName]);

/** Finds the first name that would stand twice in the pod, which the API server would refuse without saying why. */
export function nameConflict({ spec }: Pod, settings: PodSettings): NameConflict | undefined {
  const volumeNames = new Set([volumeName, ...settings.volumes.map(({ name }) => name)]);
  return (
    conflictIn("spec.initContainers", spec.initContainers, containerNames) ??
    conflictIn("spec.containers", spec.containers, containerNames) ??
    conflictIn("spec.volumes", spec.volumes, volumeNames)
  );
}

function conflictIn(
  field: string,
  list: readonly { readonly name: string }[] | undefined,
  taken: ReadonlySet<string>,
): NameConflict | undefined {
  const found = (list ?? []).entries().find(([, { name }]) => taken.has(name));
  return found && { field: `${field}[${found[0]}].name`, name: found[1].name };
}
