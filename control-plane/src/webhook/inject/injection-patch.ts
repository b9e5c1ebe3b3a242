import type { Injection } from "./injection.ts";
import { addToMap, append, type PatchOperation, prepend } from "./json-patch.ts";
import type { Pod } from "./pod.ts";

/** The injection as a JSON Patch of the pod. */
export function injectionPatch({ metadata, spec }: Pod, added: Injection): readonly PatchOperation[] {
  const secrets = added.imagePullSecrets.map((name) => ({ name }));
  return [
    ...addToMap("/metadata/labels", metadata.labels, added.labels),
    ...addToMap("/metadata/annotations", metadata.annotations, added.annotations),
    // before anything is put in front of the containers that the probes' pointers count
    ...added.probes.map(({ pointer, httpGet }) => ({ op: "replace", path: pointer, value: httpGet }) as const),
    ...prepend("/spec/initContainers", spec.initContainers, added.initContainers),
    ...prepend("/spec/containers", spec.containers, added.containers),
    ...append("/spec/volumes", spec.volumes, [added.volume]),
    ...append("/spec/imagePullSecrets", spec.imagePullSecrets, secrets),
  ];
}
