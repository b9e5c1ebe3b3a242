import { proxyUid } from "@meshwright/contract/volume";
import { sidecarName } from "./names.ts";
import type { Pod } from "./pod.ts";

/** Warnings for containers that run as the proxy's user, whose traffic the redirect rules let pass. */
export function proxyUserWarnings({ spec }: Pod): readonly string[] {
  const ofPod = spec.securityContext?.runAsUser;
  return [...(spec.initContainers ?? []), ...spec.containers]
    .filter(({ name, securityContext }) => name !== sidecarName && (securityContext?.runAsUser ?? ofPod) === proxyUid)
    .map(
      ({ name }) =>
        `container "${name}" runs as user ${proxyUid}, which is the sidecar's: its traffic bypasses the sidecar; choose another securityContext.runAsUser`,
    );
}
