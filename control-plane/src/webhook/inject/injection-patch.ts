import type { Injection } from "./injection.ts";
import { addToMap, append, type PatchOperation, prepend } from "./json-patch.ts";
import type { Pod } from "./pod.ts";
import { probePatch } from "./probe-patch.ts";

/** The injection as a JSON Patch of the pod. */
export function injectionPatch({ metadata, spec }: Pod, added: Injection): readonly PatchOperation[] {
  const secrets = added.imagePullSecrets.map((name) => ({ name }));
  return [
    ...addToMap("/metadata/labels", metadata.labels, added.labels),
    ...addToMap("/metadata/annotations", metadata.annotations, added.annotations),
    // before anything moves the containers that the pointers count
    ...probePatch(added.probes),
    ...(added.replaced === undefined ? [] : [{ op: "remove", path: added.replaced.pointer } as const]),
    ...prepend("/spec/initContainers", spec.initContainers, added.initContainers),
    ...prepend("/spec/containers", spec.containers, added.containers),
    ...append("/spec/volumes", spec.volumes, added.volumes),
    ...append("/spec/imagePullSecrets", spec.imagePullSecrets, secrets),
    ...sysctlPatch(spec.securityContext, added.sysctls),
  ];
}

function sysctlPatch(
  existing: Pod["spec"]["securityContext"],
  sysctls: Injection["sysctls"],
): readonly PatchOperation[] {
  if (sysctls.length === 0) return [];
  if (existing === undefined) return [{ op: "add", path: "/spec/securityContext", value: { sysctls } }];
  return append("/spec/securityContext/sysctls", existing.sysctls, sysctls);
}
